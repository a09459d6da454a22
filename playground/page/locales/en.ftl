# The words of the page. In them <b> and <code> are what they are in HTML.

## The page

page-title = Herald playground
page-of = { $title } · Herald playground
skip = Skip to the message field
tabs = Parts of the page
tab-chats = Chats
tab-chat = Chat
tab-telegram = Telegram
connecting = Connecting…
connecting-to = Connecting to the playground…
colours = { $theme ->
    [light] Colours: light
    [dark] Colours: dark
   *[system] Colours: as the system has them
}
colours-change = { colours }. Change to { $next ->
    [light] light
    [dark] dark
   *[system] those of the system
}
speak = По-русски
ok = OK
close = Close
dismiss = Dismiss
no-answer = The playground does not answer. Is it still running?
copied = Copied
copying-denied = The browser didn’t allow copying.

## The list of chats

search = Search chats and people
own-chat = Your chat with the bot
rooms = Channels & groups
people-title = People
nobody-matches = No one matches “{ $query }”. Search by name, @username or id.
found = { $count ->
    [50] 50 or more found
   *[other] { $count } found
}
people = { $count ->
    [one] 1 person
   *[other] { $count } people
}
totals = { people } · search to find anyone
totals-blocked = { people } · { $blocked } blocked the bot · search to find anyone
you-said = You:
new = New
admin = admin
account-deleted = Account deleted
row-blocked = Blocked the bot
row-no-member = Bot isn’t a member
row-not-started = Has not started the bot
today = Today
yesterday = Yesterday

## Above the messages

no-chat = There is no chat with the id { $id }.
chat = Chat
chat-named = Chat: { $title }
back = Back to the chats
you-are = You are { $name }
owner = owner
status-deleted = account deleted
status-blocked = has blocked the bot
status-not-started = has not started the bot
type-channel = channel
type-group = group
bot-administrator = the bot is an administrator
bot-creator = the bot owns it
bot-kicked = the bot was removed
bot-left = the bot isn’t a member
bot-member = the bot is a member
bot-restricted = the bot isn’t allowed to write
pinned-message = Pinned message
pinned-last = Pinned message, the last of { $count }
too-far-back = Too far back to show
message-gone = That message is gone, or too far back to show.
first-steps = First steps
step-start = Tap Start
step-send = Send <code>/broadcast</code>, then the post
step-watch = Watch it go out
step-done = Done:
actions-for = Actions for { $name }
more = More
telegram-language = Telegram language
send-command = Send { $command }
block-bot = Block the bot
unblock-bot = Unblock the bot

## The messages

messages = Messages
to-end = To the end
to-end-new = To the end, { $count } new
count-new = { $count } new
nothing-yet = Nothing yet.
hint-person = What { $bot } sends to { $name } will appear here.
hint-closed = The bot isn’t allowed to write here.
hint-posts = What { $bot } posts here will appear here.
hint-broadcast = To send a broadcast here instead of to people, choose “Channels & groups…” while you compose it.
try-herald = Try Herald without a token
try-herald-what = { $count ->
    [one] This is a private Telegram on your computer: nothing leaves it. You own the bot in this chat, and one simulated person is waiting for its first broadcast.
   *[other] This is a private Telegram on your computer: nothing leaves it. You own the bot in this chat, and { $count } simulated people are waiting for its first broadcast.
}
try-send = Send <code>/broadcast</code>, then the post itself.
try-watch = Watch it go out, and cause trouble along the way: Herald copes.
try-bot = Try your bot without Telegram
try-bot-what = This is a private Telegram on your computer: nothing leaves it. You own { $bot } in this chat. Of the { $count } people here it knows those who write to it and those whom you have put on its list.
try-run = Run your bot with the variables that the terminal shows.
try-as = To write as somebody else, open their chat.
try-cope = Cause trouble along the way, and see how it copes.
tap-start = Tap <b>Start</b> below.
send-start = Send <code>/start</code>.

## The field

whose-person = You are <b>{ $name }</b> now: what you send and tap comes from them.
whose-channel = You run this channel. What you write is posted in its name.
whose-group = You are in this group as the bot’s owner.
whose-back = Back to yourself
nobody-writes = This account has been deleted. Nobody writes here any more.
start = Start
unblock = Unblock
message-field = Message
post-as-channel = Post as the channel
message-as = Message as { $name }
the-owner = the owner
commands = Commands
formatting = Formatting
bot-keyboard = Keyboard of the bot
send = Send
attach = Attach
own-media = Your photo or video…
own-file = Your file…
samples = Samples
becomes-caption = Your text becomes the caption
stays-in-field = Your text stays in the field
too-long-message = Too long by { $surplus }: a message has at most { $limit } characters.
too-long-caption = Too long by { $surplus }: a caption has at most { $limit } characters.
too-many-files = Telegram takes { $count } files at a time.
files-too-large = Too large: bots take files of at most 50 MB.
no-mini-apps = The playground opens no Mini Apps.
format-bold = Bold
format-bold-typed = **bold**
format-italic = Italic
format-italic-typed = __italic__
format-underline = Underline
format-underline-typed = ++underline++, here only
format-strike = Strikethrough
format-strike-typed = ~~strike~~
format-spoiler = Spoiler
format-spoiler-typed = ||spoiler||
format-code = Code
format-code-typed = `code` or ```block```
format-link = Link
format-link-typed = [text](https://…)
format-quote = Quote
format-quote-typed = > at the start of a line
picker-search = Search
picker-search-label = Search people by name, username or id
picker-nobody = Nobody is called that.
picker-no-channel = There is no channel here that fits.
picker-no-group = There is no group here that fits.
picker-private-channel = Private channel
picker-private-group = Private group
maker-name = Name of the bot
maker-username = Username, ending in “bot”
maker-note = The bot that asks will manage it.
maker-make = Create
picker-count = { $count } of at most { $most }
share = Share
sample-photo = Photo
sample-video = Video
sample-gif = GIF
sample-live_photo = Live photo
sample-album = Album of 3 photos
sample-mixed_album = Album with a video
sample-file = File
sample-files = Album of files
sample-music = Music
sample-voice = Voice message
sample-video_note = Round video
sample-sticker = Sticker
sample-formatted = Formatted text
sample-rich = Rich message
sample-forward = Forwarded post with buttons
sample-poll = Poll
sample-public_poll = Public poll
sample-several = Poll with several answers
sample-quiz = Quiz
sample-checklist = Checklist
sample-location = Location
sample-venue = Venue
sample-contact = Contact
sample-dice = Dice

## A message

kind-text = Message
kind-rich_message = Post
kind-live_photo = Live photo
kind-paid_media = Paid media
kind-photo = Photo
kind-video = Video
kind-animation = GIF
kind-document = File
kind-audio = Music
kind-voice = Voice message
kind-video_note = Video message
kind-sticker = Sticker
kind-poll = Poll
kind-venue = Venue
kind-location = Location
kind-contact = Contact
kind-dice = Dice
kind-checklist = Checklist
kind-story = Story
kind-game = Game
kind-invoice = Invoice
kind-giveaway = Giveaway
kind-giveaway_winners = Giveaway winners
kind-service = Service message
kind-pinned_message = Pinned a message
kind-with-words = { $kind }, { $words }
hidden-text = hidden text
show-hidden = Hidden text, show it
forwarded-from = Forwarded from <b>{ $name }</b>
via = via <b>{ $name }</b>
in-reply-to = In reply to
with-effect = Sent with an effect
protected = Protected
protected-what = Protected: it can be neither forwarded nor saved
pinned = Pinned
edited = edited
edited-at = Edited: { $date }
more-about = More about this message
forward-to-bot = Forward to the bot
forwarded = Forwarded
copy-text = Copy text
delete = Delete
is-protected = This message is protected.
message-buttons = Buttons of the message
bot-opens = The bot wants to open { $url }
opens-in-telegram = In Telegram this opens { $link }
taps-within = The playground passes on taps on the buttons below a message, not on those within it.
explain-query-here = Telegram would put “{ $text }” into the input field.
explain-query-there = Telegram would ask for a chat and put “{ $text }” there.
explain-pay = Nobody can pay in the playground.
explain-game = There are no games in the playground.
open-picture = { $what }, open it
hidden-picture = { $what }, hidden as a spoiler, show it
live = Live
video-of = Video, { $duration }
video-message-of = Video message, { $duration }
voice-of = Voice message, { $duration }
sticker = Sticker { $emoji }
download = Download { $name }
unnamed-file = File
unnamed-music = Music
dice-shows = { $emoji } shows { $value }
done = done
to-do = to do
tasks-done = { $done } of { $count } done
stars-for = ⭐ { $count } for what is behind it
story-of = Story of { $title }
open-map = Open the map
map-of = Map of { $place }
live-location = Live location
preview-here = Telegram shows a preview here.
preview-large = Telegram shows a preview here, with a large picture.
preview-small = Telegram shows a preview here, with a small picture.
show-more = Show more
show-less = Show less
slideshow = Slideshow of { $count }
table = Table
size-B = { $number } B
size-KB = { $number } KB
size-MB = { $number } MB
size-GB = { $number } GB
poll-final = Final results
poll-anonymous = Anonymous poll
poll-public = Public poll
quiz-anonymous = Anonymous quiz
quiz-public = Quiz
poll-closes = closes at { $time }
poll-results = Results
poll-retract = Retract vote
poll-vote = Vote
poll-votes = { $count ->
    [0] No votes yet
    [one] 1 vote
   *[other] { $count } votes
}
quiz-answers = { $count ->
    [0] No answers yet
    [one] 1 answer
   *[other] { $count } answers
}
poll-right = the right answer
poll-right-own = right, your answer
poll-wrong-own = wrong, your answer
poll-own = your vote

## Service messages

service-pinned = { $who } pinned { $what }
service-pinned-any = { $who } pinned a message
service-joined = { $who } joined the group
service-added = { $who } added { $whom }
service-left = { $who } left the group
service-removed = { $who } removed { $whom }
service-title = { $who } renamed the group to { $title }
service-title-channel = The channel is now called { $title }
service-photo = { $who } changed the group’s photo
service-photo-channel = The channel has a new photo
service-no-photo = { $who } removed the group’s photo
service-no-photo-channel = The channel’s photo was removed
service-group = { $who } created the group
service-channel = The channel was created
service-timer = { $who } lets messages delete themselves after { $span }
service-timer-off = { $who } no longer lets messages delete themselves
service-migrated-to = The group became a supergroup: { $id }
service-migrated-from = This supergroup was the group { $id }
service-topic = { $who } created the topic { $title }
service-topic-icon = { $who } changed the topic’s icon
service-topic-renamed = { $who } renamed the topic to { $title }
service-topic-closed = { $who } closed the topic
service-topic-reopened = { $who } reopened the topic
service-general-hidden = { $who } hid the topic General
service-general-shown = { $who } showed the topic General again
service-shared = { $who } shared { $what } with the bot
service-bot = { $who } created the bot { $bot }
service-shared-person = person { $id }
service-shared-chat = chat { $id }
service-allowed = { $who } allowed the bot to write to them
service-website = { $who } logged in at { $domain }
service-web-app = { $who } sent data from the Mini App { $title }
service-option = { $who } added { $title } to the poll
service-option-gone = { $who } took { $title } out of the poll
service-ticked = { $count ->
    [one] { $who } ticked off 1 task
   *[other] { $who } ticked off { $count } tasks
}
service-unticked = { $who } unticked tasks
service-tasks = { $who } added { $what }
service-paid = { $who } paid { $amount }
service-refunded = { $who } got { $amount } back
service-near = { $who } is within { $distance } m of { $whom }
service-boost = { $count ->
    [one] { $who } boosted the group once
   *[other] { $who } boosted the group { $count } times
}
service-wallpaper = { $who } changed the wallpaper
service-owner = { $who } owns the group now
service-call-planned = A video chat is planned for { $date }
service-call = { $who } started a video chat
service-call-ended = The video chat ended after { $duration }
service-call-invited = { $who } invited { $whom } to the video chat
service-giveaway = { $who } started a giveaway
service-giveaway-over = { $count ->
    [one] The giveaway has 1 winner
   *[other] The giveaway has { $count } winners
}
service-gift = { $who } sent a gift
quoted = “{ $text }”
span-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
span-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
span-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}

## What Telegram sees

telegram-sees = What Telegram sees
reset-counts = Reset
rate = { $limit ->
    [0] <b>{ $rate }</b> messages a second
   *[other] <b>{ $rate }</b> / { $limit } messages a second
}
rate-limit = Telegram’s limit: { $limit }
rate-ago = 60 s ago
rate-429 = answered 429
rate-now = now
rate-words-none = No figures yet.
rate-words = Messages a second over the last minute: { $now } now, at most { $most }.
rate-words-limit = Telegram allows { $limit }.
rate-words-no-limit = There is no limit.
rate-words-refused = { $count ->
    [0] No call was answered 429.
   *[other] Answered 429: { $count }.
}
this-broadcast = This broadcast
since-start = Since the start or the last reset
delivered = Delivered
delivered-what = Chats that it reached
refused = Refused
refused-what = Sends that Telegram refused: blocked, deleted, removed
in-flight = In flight now
in-flight-what = Calls that are not answered yet
duplicates = Duplicates
duplicates-none = Nobody got the same post twice
duplicates-what = Posts that a chat got more than once
too-many = 429s
too-many-what = How often Telegram said “wait”
peak = Peak rate
peak-what = The most messages in any one second
break-it = Try to break it
herald-starting = starting…
herald-stopped = stopped
herald-running = running
herald-running-as = running, process { $pid }
herald-killed = { $count ->
    [1] killed once
    [2] killed twice
   *[other] killed { $count } times
}
herald-start = Start
herald-start-what = It carries on where it left off.
herald-restart = Kill and restart
herald-kill = Kill
herald-kill-what = kill -9: what was in flight is reported as uncertain.
herald-log = Herald’s log
herald-log-lines = Lines of Herald’s log
herald-log-none = Nothing yet.
flood = Answer 429 for { $seconds } s
flood-left = 429 for another { $seconds } s
flood-what = Every send is told to wait.
flood-what-herald = Every send is told to wait. Herald does.
cut = Cut connections for { $seconds } s
cut-left = Cutting for another { $seconds } s
cut-what = Half of the calls arrive; their answers are lost.
cut-what-herald = Cut sends are reported as uncertain, not resent.
block-some = Block the bot ({ $percent }%)
unblock-all = Unblock all
blocking-some = Every tenth person. The bot is told.
blocking-some-herald = Every tenth person. Herald skips them.
blocking-by = Blocked by { people }. The bot is told.
blocking-by-herald = Blocked by { people }. Herald skips them.
have-blocked = { $count ->
    [one] 1 person has blocked the bot.
   *[other] { $count } people have blocked the bot.
}
all-unblocked = Everyone has unblocked the bot.
answers-after = Telegram answers after
answers-after-what = How long every call takes.
answers-after-what-herald = The rate holds; more calls are in flight instead.
milliseconds = { $count } ms
seconds = { $count } s
