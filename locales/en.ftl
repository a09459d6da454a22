# People

start-person =
    Hello, { $name }! You are on the list: news from this bot will come here.
    /stop – no more messages
    /language – the language you want them in
start-again = Welcome back, { $name }! You will get messages from this bot again.
stop-done = Done: no more messages from this bot. /start brings them back.
stop-already = You get no messages from this bot. /start brings them back.
language-ask = Your language is { $language }. Which one do you want messages in?
language-set = Your language is now { $language }.
language-unknown = “{ $text }” is no language that I know. Choose one below, or type its code, such as /language de.
unknown-command =
    I do not know this command. What I understand:
    /start – get messages
    /stop – no more messages
    /language – change the language

unknown-command-admin =
    I do not know this command. What I understand:
    /broadcast – send a post to people
    /campaigns – all campaigns; /campaign 12 shows one
    /pause 12, /resume 12, /cancel 12 – steer one
    /status – how the bot is doing
    /admins – who may send (owners only)
    /start, /stop, /language – for yourself
outside-dialog = To send this to people, begin with /broadcast, then send it again.

# Commands, as the menu of the chat lists them

command-start = Get messages from this bot
command-stop = No more messages
command-language = Change the language
command-broadcast = Send a post to people
command-campaigns = All campaigns
command-pause = Pause a campaign: /pause 12
command-resume = Resume a campaign: /resume 12
command-cancel = Leave the dialog, or end a campaign: /cancel 12
command-campaign = Show a campaign: /campaign 12
command-status = How the bot is doing
command-admins = Who may send

# Admins

start-admin =
    Hello, { $name }! You are an admin of this bot, and on the list of its people.
    /broadcast – send a post to people
    /campaigns – see what was sent, runs, or waits
admins-list =
    Owners (from the configuration): { $owners }
    Admins: { $admins }
admins-none = none yet
admins-add = Add an admin
admins-remove = Remove { $name }
admins-ask =
    Who should become an admin? Any of these will do:
    · tap “Choose a person” below,
    · forward me a message of theirs,
    · send me their Telegram id (a number).
    /cancel leaves this.
admins-choose = Choose a person
admins-hidden = This person hides their account when forwarded, so I cannot see who it is. Choose them with the button, or send me their id.
admins-not-an-id = This is not a Telegram id. It is a whole number such as 123456789.
admins-added = { $name } is an admin now. They begin with /start and /broadcast.
admins-already = { $name } is an admin already.
admins-removed = { $name } is no longer an admin.
admin-welcome = You are an admin of this bot now. /broadcast sends a post to its people.

# The composer

post-ask =
    Send me the post exactly as people should see it: text, photo, video, animation, file, music, voice, video note or sticker. A forwarded post keeps its link buttons.
    /cancel leaves this.
post-replace = Send me the new post. It takes the place of the one of campaign #{ $id }.
refused-album = I cannot send albums yet. Send a single photo or video, please.
refused-poll = I cannot send polls yet. Send a text or a photo, please.
refused-unsupported = I cannot send this kind of message. Text, photo, video, animation, file, music, voice, video note and sticker work.
refused-text-too-long = This text is { $over ->
    [one] { $over } character
   *[other] { $over } characters
 } too long: a bot may send { $limit }. Shorten it and send it again.
refused-caption-too-long = This caption is { $over ->
    [one] { $over } character
   *[other] { $over } characters
 } too long: a bot may send { $limit } under media. Shorten it and send it again.
left-out = { $count ->
    [one] One button was
   *[other] { $count } buttons were
 } left out: only the bot that the post came from could answer { $count ->
    [one] it
   *[other] them
 }.

audience-ask =
    Campaign #{ $id }: who should receive it? Tap languages on and off, then Continue.
    Chosen: { $people }
audience-all = All languages
audience-others = Other languages
audience-continue = Continue
audience-nobody = Nobody is chosen, so there is nobody to send to. Tap at least one language.
audience-empty = Nobody is on this bot’s list yet, so there is nobody to send to. People join with /start; a list from elsewhere comes in with “npm run recipients:import”.
audience-done = To: { $audience } → { $people }
audience-typed = Tap the buttons, or type one of their labels.

people = { $count ->
    [one] { $count } person
   *[other] { $count } people
 }

review-title = Campaign #{ $id } · draft
review-post = Post: { $kind }{ $characters ->
    [0] {""}
    [one] , { $characters } character
   *[other] , { $characters } characters
 }{ $buttons ->
    [0] {""}
    [one] , { $buttons } button
   *[other] , { $buttons } buttons
 }
review-to = To: { $audience } → { $people }{ $left ->
    [none] {""}
   *[some] { " " }({ $left } left out)
 }
review-opted-out = { $count } opted out
review-unreachable = { $count } unreachable
review-and = { $one } and { $other }
review-when = When: now
review-takes = Takes about { $duration } at { $rate ->
    [one] { $rate } message
   *[other] { $rate } messages
 } a second, done by { $time }
review-stars = Costs up to { $stars ->
    [one] { $stars } Star
   *[other] { $stars } Stars
 } (0.1 a message above the free { $free } a second)
review-refused =
    ⚠️ Telegram refuses this post: { $description }
    Change it before it can be sent.
kind-text = text
kind-photo = photo
kind-video = video
kind-animation = animation
kind-document = file
kind-audio = music
kind-voice = voice message
kind-video_note = video note
kind-sticker = sticker

button-send-now = Send now
button-edit-post = Edit post
button-buttons = Buttons…
button-audience = Audience…
button-test = Send test to me
button-discard = Discard
button-back = Back
button-remove-buttons = Remove all
test-sent = Sent, see below.
test-failed = Telegram did not take it: { $description }
discarded = Draft #{ $id } is discarded.

buttons-ask =
    Send me the buttons, one row a line:
    Shop - https://example.com
    Several in a row are separated by | :
    News - https://t.me/example | Help - example.com/help
buttons-now = Now there are:
buttons-removed = The buttons are gone.
buttons-faults = I did not take the buttons; nothing was changed. Please fix this and send all of them again:
button-fault-no-url = Line { $line }: “{ $part }” does not end with an address. Write it as Text - https://example.com
button-fault-no-text = Line { $line }: the address { $part } has no text before it. Write it as Text - https://example.com
button-fault-bad-url = Line { $line }: “{ $part }” is no address that Telegram takes. It takes http, https and tg.
button-fault-text-too-long = Line { $line }: “{ $part }” is longer than { $limit } characters.
button-fault-row-too-long = Line { $line }: more than { $limit } buttons do not fit into a row.
button-fault-too-many = Line { $line }: more than { $limit } buttons do not fit under a message.

confirm-ask = Send campaign #{ $id } to { $people } now?
confirm-type = Send campaign #{ $id } to { $people } now? Type the number { $number } to send it, or tap Back.
confirm-moved = The number of people has changed: it was { $before }, now it is { $after }. Please confirm again.
confirm-changed = Draft #{ $id } was changed since you were asked. Here it is as it stands now; please look at it and confirm again.
confirm-started = Campaign #{ $id } has started, but its card could not be shown. /campaign { $id } shows it.
confirm-wrong = “{ $text }” is not { $number }. Nothing was sent. Type { $number } to send, or tap Back.
button-yes-send = Yes, send to { $count }

dialog-left = Cancelled. Drafts are kept in /campaigns.
dialog-none = No dialog is open. To end a campaign, add its number: /cancel 12
dialog-lost = Herald was updated meanwhile, and the dialog was closed. The draft is kept in /campaigns.
dialog-broken = Something went wrong here, and the dialog was closed. The draft is kept in /campaigns.

# Cards

state-scheduled = starting
state-running = sending
state-paused = paused
state-finished = finished
state-cancelled = cancelled
state-expired = expired
state-draft = draft
card-title = Campaign #{ $id } · { $state }
card-share = { $share } %
card-sent = Sent { $count }
card-blocked = Blocked { $count }
card-failed = Failed { $count }
card-skipped = Skipped { $count }
card-uncertain = Uncertain { $count }
card-left = Left { $count }
card-speed = { $rate ->
    [one] { $rate } message a second
   *[other] { $rate } messages a second
 } · done in { $duration } ({ $time })
card-starting = Starting…
card-freezing = Still gathering people; the total grows.
card-quiet = Telegram asks to wait until { $time }
card-took = Reached { $sent } of { $total } ({ $share } %) in { $duration }
card-cancelled = Cancelled by an admin. What was sent stays sent; { $left ->
    [one] one person was
   *[other] { $left } people were
 } not written to.
card-why = Not reached:
card-reason = · { $reason }: { $count }
card-uncertain-note = “Uncertain” means that the call left and no answer came: the post may have arrived or not. They are not sent to again by themselves.
card-details-gone = The delivery details were kept for { $days ->
    [one] { $days } day
   *[other] { $days } days
 }; only these totals are left.
notice-no-stars = ⚠️ Campaign #{ $id } goes on at the free rate, { $rate ->
    [one] { $rate } message
   *[other] { $rate } messages
 } a second: Telegram says that the bot has too few Stars. After a top-up, Pause and Resume bring the paid rate back.
notice-paused = ⚠️ Campaign #{ $id } is paused.
paused-errors =
    Paused automatically: many failed in a row, or more than one in five of the last 500, so the fault is probably not theirs.
    Failed: { $failed }{ $uncertain ->
    [0] {""}
   *[other] , uncertain: { $uncertain }
 }. The last reason: { $description }
    Perhaps it is the wrong bot, the wrong list, or trouble at Telegram. Resume tries those who failed again, and from then on failures no longer pause this campaign.
paused-content = Paused automatically: Telegram refuses the post. It said: { $description }. Nobody was marked. Resume tries it again as it is; to change it, cancel this one and Duplicate.
paused-unauthorized = Paused automatically: Telegram refuses the bot’s token. It said: { $description }. Put a valid BOT_TOKEN into the configuration, restart Herald, then Resume.

reason-blocked = blocked the bot
reason-deactivated = account deleted
reason-unreachable = chat unknown to the bot, or never started it
reason-personal = does not take this kind of post
reason-chat-lost = the bot was removed from the chat
reason-no-rights = the bot has no right to post
reason-no-stars = not enough Stars
reason-unavailable = Telegram could not be reached, after several attempts
reason-uncertain = uncertain
reason-content = Telegram refuses the post for them
reason-skipped = left or blocked the bot after the start
reason-other = other

button-pause = Pause
button-resume = Resume
button-cancel = Cancel
button-yes-cancel = Yes, cancel
button-retry = Retry failed
button-retry-uncertain = Retry uncertain
button-yes-retry = Yes, send again
button-failures = Failures (CSV)
button-duplicate = Duplicate
ask-cancel = End campaign #{ $id } for good? { $left ->
    [one] One person has
   *[other] { $left } people have
 } not been written to yet.
ask-uncertain = Send campaign #{ $id } again to { $count ->
    [one] the one person who may or may not have received it? They
   *[other] the { $count } people who may or may not have received it? Some
 } may get it twice.
done-paused = Paused
done-resumed = Resumed
done-cancelled = Cancelled
done-retried = Trying again
done-duplicated = Duplicated as draft #{ $id }
failures-caption = Failures of campaign #{ $id }: { $count ->
    [one] one row
   *[other] { $count } rows
 }
failures-none = Campaign #{ $id } has no failures.
number-missing = Add the campaign’s number: /{ $command } 12. The numbers are in /campaigns.

# Lists

campaigns-title = Campaigns · { $tab }
campaigns-empty = Nothing here. /broadcast begins a new one.
tab-running = Running
tab-scheduled = Scheduled
tab-drafts = Drafts
tab-done = Done
page-newer = ‹ Newer
page-older = Older ›
list-outdated = This list was old; here is the new one.

# How the bot is doing

status-title = Herald { $version } · Node { $node }
status-up = Up for { $duration }
status-embedded = Database: embedded, PostgreSQL { $version }
status-server = Database: PostgreSQL { $version }
status-size = { $size } · answers in { $ms } ms
status-holder = Sends from { $holder } since { $time }
status-no-lease = { $time ->
    [none] Nothing is sent
   *[other] Nothing has been sent since { $time }
 }: { $holder } has lost the lease and waits for the database to give it back.
status-lease-lost = Lease lost: { $from } – { $to }
status-rate = Rate: { $rate }
status-rate-paid = Rate: { $rate }, paid above { $free }
status-rate-cut = Now { $rate }, cut after a 429; it grows back
status-no-stars = Now { $rate }, the free rate: too few Stars
status-last-wait = Last 429: { $time }, a pause of { $duration }
status-in-flight = Calls in flight: { $count }
status-running = Running:
status-paused = Paused:
status-scheduled = Scheduled:
status-campaign = #{ $id } · { $text }
status-left = { $count } left
status-speed = { $rate } a second
status-more = … and { $count } more, see /campaigns
status-reachable = People who can be reached: { $count }
status-kept = Delivery details are kept for { $days ->
    [one] { $days } day
   *[other] { $days } days
 }
status-kept-for-ever = Delivery details are kept for ever
messages-a-second = { $rate ->
    [one] { $rate } message
   *[other] { $rate } messages
 } a second
why-admin = by an admin
why-errors = too many failed
why-content = Telegram refuses the post
why-unauthorized = Telegram refuses the token

# Durations

duration-seconds = { $count } s
duration-minutes = { $count } min
duration-days = { $days } d { $hours } h
duration-hours = { $hours } h { $minutes } min

# Errors

error-not-found = There is no campaign #{ $id }. The numbers are in /campaigns.
error-conflict = Not possible now: campaign #{ $id } is { $state }. /campaign { $id } shows it.
error-changed = Somebody changed draft #{ $id } meanwhile. Look at it again: /campaign { $id }
error-details-gone = Campaign #{ $id }: the delivery details were kept for { $days ->
    [one] { $days } day
   *[other] { $days } days
 }; only the totals are left: /campaign { $id }
error-nobody = There is nobody left to retry in campaign #{ $id }.
error-no-dialog = This card is out of date. The campaigns are in /campaigns.
error-not-admin = Only admins of this bot can do this.
error-internal = Something went wrong. Look in /campaigns before you try again; the log says more.
