# People

start-person =
    Hello{ $name ->
        [none] {""}
       *[other] , { $name }
     }! You are on the list: news from this bot will come here.
    /stop – no more messages
    /language – the language you want them in
start-leave =
    News from this bot will come here.
    /stop – no more messages
    /language – the language you want them in
start-again = Welcome back{ $name ->
    [none] {""}
   *[other] , { $name }
 }! You will get messages from this bot again.
stop-done = Done: no more messages from this bot. /start brings them back.
stop-already = You are not getting messages from this bot. /start brings them back.
forget-ask =
    I delete what I know of you: your name, your language, what you chose in polls and under posts, and whatever else is stored of you. Nothing will come here any more, and nobody can put you back on the list. Only /start does, as if you were new.
    To do it, tap the button or send /forget yes.
forget-yes = Yes, forget me
forget-no = Keep
forget-done = Done: I have forgotten you. /start if you want to come back.
person-how = Say whose: /person 123456789. The id is Telegram’s.
person-unknown = The bots know nothing of { $id }.
person-caption = All that is known of { $id }
person-forget-ask = This deletes all that the bots you may use know of { $id }. Nobody can put them back on the list; starting the bot anew does. To do it, send /forget { $id } yes.
person-forgotten = { $id } is erased: { $bots }.
forget-kept = Nothing was deleted.
language-ask = Your language is { $language }. Which one do you want messages in?
language-set = Your language is now { $language }.
language-unknown = I do not know the language “{ $text }”. Choose one below, or type its code, such as /language de.
unknown-command = I do not know this command.
help =
    What I can do:
    /start – get messages
    /stop – no more messages
    /language – change the language
    /settings – choose what you get
    /forget – delete what I know of you

help-admin =
    What I can do:
    /broadcast – send a post to people; /schedule – at a later time
    /campaigns – all campaigns; /campaign 12 shows one, /campaigns sale searches
    /results 12 – the results of its poll (CSV)
    /lists – lists of people, by file or from a campaign
    /segments – saved conditions on people
    /links – links that say where people came from, with QR codes and numbers
    /welcome – the answer to /start; /newcomers – the posts that follow it
    /inbox – what becomes of what people write
    /calendar – what is planned for the week
    /pause 12, /resume 12, /cancel 12 – pause, resume or cancel one
    /reschedule 12, /edit 12 – change one that is scheduled; /edit also edits what was sent
    /timezone – your time zone
    /stats – statistics on campaigns and people
    /status – how the bot is doing
help-settings =
    /settings – settings for new campaigns
help-owner =
    /admins – who may send
    /bots – the bots that post
help-keys =
    /keys – keys of the HTTP API
    /webhooks – webhooks
help-admin-self = /start, /stop, /language, /forget – for yourself
sender-home = Admins work in the chat of @{ $bot }: https://t.me/{ $bot }. Here I talk with people, and send what you compose there.
outside-dialog = To send this to people, begin with /broadcast, then send it again.

# Commands in the chat's menu

command-start = Get messages from this bot
command-stop = No more messages
command-language = Change the language
command-subscription = What you get from this bot
command-forget = Delete what is known of me
command-help = What I can do
command-broadcast = Send a post to people
command-campaigns = All campaigns
command-lists = Lists of people
command-segments = Saved conditions on people
command-links = Links that say where people came from
command-pause = Pause a campaign: /pause 12
command-resume = Resume a campaign: /resume 12
command-cancel = Leave the dialog, or end a campaign: /cancel 12
command-campaign = Show a campaign: /campaign 12
command-calendar = What is planned for the week
command-stats = Statistics on campaigns and people
command-settings = Settings for new campaigns
command-status = How the bot is doing
command-admins = Who may send
command-bots = The bots that post
command-keys = Keys of the HTTP API
command-webhooks = Webhooks

# Admins

start-admin =
    Hello{ $name ->
        [none] {""}
       *[other] , { $name }
     }! You are an admin of this bot and one of its subscribers.
    /broadcast – send a post to people
    /campaigns – see what was sent, is running or is scheduled
admins-list =
    Owners (from the configuration): { $owners }
    Admins: { $admins }
admins-none = none yet
admins-add = Add an admin
admins-remove = Remove { $name }
admins-ask =
    Who should become an admin? Any of these will do:
    · tap “Choose a person” below,
    · forward me one of their messages,
    · send me their Telegram id (a number).
    /cancel to quit.
admins-choose = Choose a person
admins-hidden = This person’s account is hidden in forwarded messages, so I cannot see who it is. Choose them with the button, or send me their id.
admins-not-an-id = This is not a Telegram id. An id is a whole number such as 123456789.
admins-added = { $name } is an admin now. They can begin with /start and /broadcast.
admins-added-all-bots = They may use all bots; to limit that: /admins, “Bots…”.
admins-already = { $name } is already an admin.
admins-removed = { $name } is no longer an admin.
limit-bots = Bots…
limit-of = { $name } may use: { $bots }.
limit-note = A bot that is not among them does not exist for them: neither its campaigns nor its people, chats and figures. It counts at once.
limit-all = all bots, also those that are added later
limit-some = only { $bots }
limit-none = no bot
limit-all-button = All bots
admin-welcome = You are now an admin of this bot. /broadcast sends a post to its subscribers.

# Keys of the HTTP API

keys-off = The HTTP API is off. To turn it on, set HTTP_PORT and restart Herald.
keys-none = There are no keys yet. A program needs one to call the HTTP API.
keys-title = Keys of the HTTP API, each for one program:
keys-entry = { $name } · { $role } · { $prefix }…
keys-endless = does not expire
keys-expires = expires { $time }
keys-expired = expired { $time }
keys-unused = never used
keys-used = last used { $time } from { $address }
keys-role-read = read
keys-role-write = write
keys-role-send = send
keys-role-relay = relay
keys-create = Create a key
keys-revoke = Revoke { $name }
keys-ask-role =
    What may the program do?
    read – read everything, phone numbers included
    write – also drafts, tests, and adding, changing and deleting people
    send – also schedule, send, pause and cancel campaigns, and webhooks
    relay – only hand on the updates of a bot that another program answers
keys-ask-bots = A key with the role “{ $role }”. Which bots may it use? Others can be added later: /keys, “Bots…”.
keys-ask-expiry = A key with the role “{ $role }”. How long should it be valid?
keys-days = { $days ->
    [365] 1 year
    [one] { $days } day
   *[other] { $days } days
 }
keys-no-end = Never expires
keys-other-date = Another date…
keys-ask-date = When should the key expire? Type a date, such as 31 December. /cancel to quit.
keys-date-unknown = “{ $text }” is not one clear date in the future. Try “31 December” or “in 90 days”.
keys-ask-name = What is the program called? The key, and all that is done with it, goes by this name. /cancel to quit.
keys-name-unfit = A name has 1 to { $most } characters.
keys-created =
    The key for { $name } ({ $role }, { $expiry }):

    { $key }

    Store it now: it is not shown again. I delete this message in two minutes.
keys-hide = Delete this message
keys-ask-revoke = Revoke the key of { $name }? It loses access at once, and this cannot be undone.
keys-yes-revoke = Yes, revoke
keys-revoked = The key of { $name } is revoked.

# Webhooks

webhook-disabled-key-revoked = The webhook at { $host } is disabled: the key that made it was revoked. It gets no further events. /webhooks
webhook-disabled-key-expired = The webhook at { $host } is disabled: the key that made it has expired. It gets no further events. /webhooks
webhook-disabled-gone = The webhook at { $host } is disabled: it answered that it is gone (410). It gets no further events. /webhooks
webhook-disabled-failing = The webhook at { $host } is disabled: everything sent to it in the last 24 hours failed. It gets no further events. /webhooks
webhook-behind = The webhook at { $host } takes events more slowly than they come. { $count ->
    [one] The oldest event is given up
   *[other] The { $count } oldest events are given up
 }: they had waited for three days, or more than a million waited. It goes on getting the newer ones. /webhooks
webhooks-title = Webhooks:
webhooks-none = There are no webhooks. A program makes one with POST /v1/webhooks.
webhooks-by = made by { $name }
webhooks-last = last answer: { $answer }, { $time }
webhooks-untold = nothing sent yet
webhooks-answer = { $status }
webhooks-fault-timeout = none within 15 s
webhooks-fault-unknown-host = none, the host is unknown
webhooks-fault-private-address = none, the address is private
webhooks-fault-tls = none, the certificate is not valid
webhooks-fault-no-connection = none, no connection
webhooks-failing = failing since { $time }
webhooks-off-turned-off = disabled
webhooks-off-key-revoked = disabled, because its key was revoked
webhooks-off-key-expired = disabled, because its key has expired
webhooks-off-gone = disabled, because it answered that it is gone
webhooks-off-failing = disabled, because everything failed for a day
webhooks-failed = { $count ->
    [one] { $count } event was not delivered
   *[other] { $count } events were not delivered
 }
webhooks-resend = { $count ->
    [one] Send { $count } failed event again
   *[other] Send { $count } failed events again
 }
webhooks-disable = Disable
webhooks-enable = Enable
webhooks-delete = Delete
webhooks-ask-delete = Delete the webhook at { $host }? Events not yet delivered are lost.
webhooks-yes-delete = Yes, delete
webhooks-enabled = Enabled
webhooks-disabled = Disabled
webhooks-deleted = Deleted
webhooks-resent = { $count ->
    [0] Nothing is left to send again
    [one] { $count } event is on its way
   *[other] { $count } events are on their way
 }

# Bots

bots-title = Bots that post:
bots-home = this bot
bots-state-answers = answered by Herald
bots-state-webhook = answered by Herald, reached by a webhook
bots-state-beside = beside another program
bots-trouble-no-token = trouble: its token cannot be read. Put secret.key or SECRET_KEY back, or give the token again
bots-trouble-refused = trouble: Telegram refuses its token
bots-rate = { $rate ->
    [one] { $rate } message a second
   *[other] { $rate } messages a second
 }
bots-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
 }
bots-added = added by { $name }, { $time }
bots-configured = Its token is in EXTRA_BOT_TOKENS, and is changed there.
bots-about-home = You are talking to it. Its token and rate are set where Herald runs: BOT_TOKEN, MESSAGES_PER_SECOND.
bots-previous = ‹ Previous
bots-next = Next ›
bots-add = Add a bot…
bots-ask-token = Send me the bot’s token: in @BotFather, /mybots → the bot → API Token. Whoever has it controls the bot, so I delete your message at once and keep the token encrypted. /cancel to quit.
bots-or-make = Or create a new bot with the button below: I fetch its token myself, so nobody has to see it.
bots-cannot-make = I could also create bots here, without anybody seeing a token. To allow it, open the @BotFather Mini App, choose { $home }, and turn on the management of other bots. Then tap “Add a bot…” again.
bots-make = Create a bot…
bots-made = { $name } is created and added.
bots-is-added = { $name } is added.
bots-managed = Herald manages it: it fetches the token itself, and nobody has to see it.
bots-fetch-token = Fetch its token
bots-token-is-here = Its token is here
bots-ask-replace = Replace the token of { $name }? Telegram refuses the old one at once, wherever it is used. Herald takes the new one by itself. A running broadcast may pause for a moment, and goes on; nobody gets it twice.
bots-ask-replace-beside =
    Replace the token of { $name }? Telegram refuses the old one at once, wherever it is used. Herald takes the new one by itself. A running broadcast may pause for a moment, and goes on; nobody gets it twice.
    The program that answers this bot needs the new token, too: in @BotFather, /mybots → the bot → API Token.
bots-yes-replace = Yes, replace it
bots-type-token = Send a token…
bots-token-is-new = It has a new token
bots-ask-new-token = Send me the new token of { $name }: in @BotFather, /mybots → the bot → API Token. I delete your message at once. /cancel to quit.
bots-no-token = There is no token in that. A token is digits, a colon and 35 characters, such as 123456789:AAF…; copy it whole, or forward @BotFather’s message. Or /cancel.
bots-several-tokens = There are several tokens in that. Send one at a time.
bots-token-stays = I could not delete your message with the token. Please delete it yourself.
bots-token-replaced = { $name } has its new token. The old one is forgotten.
bots-look-webhook = Another program answers this bot: its updates go to a webhook at { $host }. So it stands beside that program: Herald only sends, and disturbs nothing.
bots-look-someone = Another program answers this bot: somebody takes its updates. So it stands beside that program: Herald only sends, and disturbs nothing.
bots-look-nobody = { $count ->
    [one] Nobody answers this bot: an update is waiting, and nobody takes it. Let Herald answer it, unless its program is only down right now.
   *[other] Nobody answers this bot: { $count } updates are waiting, and nobody takes them. Let Herald answer it, unless its program is only down right now.
 }
bots-look-unknown = Whether another program answers this bot cannot be seen without disturbing it, so for now it stands beside one. Let Herald answer it only if no program does: a program that polls for its updates may stop with an error. People can then start the bot, and Herald hears of them.
bots-answers = Let Herald answer it
bots-beside = Beside another program
bots-now-answers = Now Herald answers it
bots-now-beside = Now it stands beside another program
bots-ask-webhook =
    Updates of { $name } go to a webhook at { $host }. If Herald answers it, the webhook is removed, and the program behind it hears nothing any more.
    Updates that are waiting go to Herald.
bots-yes-webhook = Yes, remove the webhook
bots-id = Id for the API: { $id }
bots-ask-polls =
    Herald will read what people write to { $name }. A program that polls for the same updates stops with an error, so end it first.
    Where a program goes on answering this bot, leave it beside that program and use the relay: docs/beside.md
bots-yes-polls = Yes, let Herald answer it
bots-set-rate = Rate…
bots-usual-rate = The usual rate
bots-ask-rate = How many messages a second may { $name } send? Telegram’s free limit is about 30 for each bot. /cancel to quit.
bots-ask-fast =
    { $rate } messages a second are above Telegram’s free limit of about { $free } for each bot: Telegram will keep asking { $name } to wait, and its broadcasts will stop and start.
    28 is safe. Or pay for the rate with Stars, for all bots: PAID_BROADCAST=on, where Herald runs.
bots-yes-rate = Yes, { $rate } a second
bots-rate-set = The rate is set
bots-rename = Rename…
bots-ask-name = What should admins call { $name }? People do not see this name. /cancel to quit.
bots-replace-token = New token…
bots-remove = Remove…
bots-ask-remove = Remove { $name }? This cannot be undone. The bot itself stays, and so does what it has sent.
bots-loses = Herald forgets { $people } of this bot, its groups and channels, { $campaigns ->
    [0] and its drafts
    [one] its drafts, and its campaign with the report
   *[other] its drafts, and its { $campaigns } campaigns with their reports
 }.
bots-ends = { $count ->
    [one] This campaign is cancelled:
   *[other] These campaigns are cancelled:
 }
bots-ending = #{ $id } · { $state }
bots-more-ending = and { $count } more
bots-keep =
    To keep its people, export them first, by the HTTP API: GET /v1/recipients/export?bot={ $id }
    Reports are on the cards, with their lists as CSV: { $command }
bots-keep-api-off =
    To keep its people, export them first, by the HTTP API, which is off: HTTP_PORT, then GET /v1/recipients/export?bot={ $id }
    Reports are on the cards, with their lists as CSV: { $command }
bots-type-name = To remove it, type its name, { $name }, or tap Back.
bots-wrong-name = “{ $text }” is not { $name }. Nothing was removed. Type { $name } to remove it, or tap Back.
bots-yes-remove = Yes, remove
bots-removed = { $name } is removed
bots-campaigns-moved = Its campaigns have changed in the meantime. Please look again.

# The composer

post-ask =
    Send me the post exactly as people should see it: a text, a photo, an album, a file, a poll, or any other message. A forwarded post keeps its link buttons.
    /cancel to quit.
from-note = It will be sent by { $bot }, to its people.
from-note-several = It will be sent by { $bots }, each to its own people.
from-ask = Which bot should send it? It goes to that bot’s people and chats.
from-several-button = Several bots…
from-ask-several =
    Which bots should send it? Tap them on and off, then Continue.
    In this order: { $bots }
from-at-least-one = A post needs at least one bot.
from-all = These are all bots. For one alone: { $command }
from-which = Whose campaigns?
from-all-button = All bots
from-unknown = There is no bot “{ $text }” here. There are: { $bots }
post-then-time = After the post, I will ask who should get it, and when.
post-replace = Send me the new post. It will replace the current one.
post-replace-default = Send me the new default version. It will replace the current one; the other versions stay.
post-version = Send me the { $language } version, exactly as people should see it.
refused-album = Telegram does not accept this as one album: up to 10 photos and videos go together, or up to 10 files, or up to 10 music tracks. Send them as separate albums.
refused-service = This is a service message from Telegram, not a post. Send a message of your own.
refused-paid-media = Bots cannot forward paid media. Send the photo or video itself.
refused-giveaway = A giveaway belongs to its channel and cannot be passed on. Send a text with a link to it.
refused-invoice = An invoice belongs to the bot that made it. Send a text with a link button to it.
refused-game = A game belongs to the bot that made it. Send a text with a link button to it.
refused-story = Bots cannot forward stories. Send the photo or video itself, or a text with a link to the story.
refused-quiz-answer-unknown = I cannot see which answer to this quiz is correct. Create the quiz again here, in this chat, instead of forwarding it.
refused-protected = This message is protected from copying. Send one that is not.
refused-unsupported = I cannot see this message: Telegram does not show it to bots. Send another one.
refused-text-too-long = This text is { $over ->
    [one] { $over } character
   *[other] { $over } characters
 } too long: a bot may send { $limit }. Shorten it and send it again.
refused-caption-too-long = This caption is { $over ->
    [one] { $over } character
   *[other] { $over } characters
 } too long: a bot may send { $limit } under media. Shorten it and send it again.
refused-but = Or I can send it as two messages:
button-split = Split into two messages
button-text-under-photo = Text under the photo
button-text-below = Text in a message below
offer-gone = This was already accepted, or another post replaced it. If it is missing, send it again.
note-live-location = A live location is sent as a fixed point: it will not move.
note-close-date = This poll has a closing time; it is sent without it.
note-closed-poll = This poll is closed; people will be able to vote in the copy.
album-parts = Album: { $count ->
    [one] { $count } part
   *[other] { $count } parts
 }. Any that arrive later will be added.
album-has = The album has { $count ->
    [one] { $count } part
   *[other] { $count } parts
 } now.
album-cannot-join = One more part of the album arrived but could not be added: an album has at most 10 parts, of kinds that go together, and a caption of at most 1,024 characters. The album stays as it was.
album-of-draft-has = One more part arrived: the album of draft #{ $id } has { $count ->
    [one] { $count } part
   *[other] { $count } parts
 } now. /campaign { $id } opens it.
album-too-late = This part came too late: campaign #{ $id } is going out, or has gone out, without it. Do not send the album again unless everybody should get it twice; /campaign { $id } shows how far it has got.
album-not-waiting = This is one more part of an album that is no longer used. I ignored it.
album-refused-part = This is one more part of the album that I could not accept. Send the whole album again.
post-name = { $kind }{ $opening ->
    [none] {""}
   *[other] { " " }“{ $opening }”
 }
together-forward = You sent a comment and a forwarded message. I took the forwarded one as the post: { $post }.
together-first = Two messages came together. I took the first one as the post: { $post }.
together-now = The post is now: { $post }.
button-take-other = Take the other one: { $post }
edit-taken = Your edit is in the draft.
edit-taken-draft = Your edit is in draft #{ $id }. /campaign { $draft } opens it.
edit-refused = Your edit cannot be sent, so draft #{ $id } keeps the post as it was. { $reason }
edit-refused-campaign = Your edit cannot be sent; campaign #{ $id } keeps the post as it was. { $reason }
edit-live = Campaign #{ $id } passes this message on as it stands: whoever receives it from now on gets your edit.
edit-offer-scheduled = Your edit does not count yet: campaign #{ $id } goes out as you confirmed it. Take the edit over?
edit-offer-paused = Your edit does not count yet: campaign #{ $id } is paused and keeps the post as it was. Take the edit over for those who have not received it?
edit-offer-running = Your edit does not count: campaign #{ $id } is being sent as you confirmed it. You can pause it and take the edit over for those who have not received it; messages already sent stay as they are.
edit-offer-over = Your edit does not count: campaign #{ $id } is over, and messages already sent stay as they are. You can send the edited post as a new campaign.
edit-gone = I no longer have this edit: the message was deleted, or another post replaced it. Send the post again under “Edit”.
button-take-edit = Take the edit over…
button-pause-take-edit = Pause and take the edit over…
button-edit-anew = New draft with the edit…
left-out = { $count ->
    [one] One button was
   *[other] { $count } buttons were
 } left out: only the bot that the post came from could answer { $count ->
    [one] it
   *[other] them
 }.

segment-people = People { $conditions }
segment-of = { $languages }: people { $conditions }
segment-first = { $count ->
    [one] the first one
   *[other] the first { $count }
 } of: { $audience }
segment-or = or
segment-except = except those ({ $conditions })
segment-tag = with the tag { $name }
segment-no-tag = without the tag { $name }
segment-source = who came by { $name }
segment-no-source = who did not come by { $name }
segment-list = on the list { $name }
segment-no-list = not on the list { $name }
segment-language = whose language is { $name }
segment-no-language = whose language is not { $name }
segment-premium = with Telegram Premium
segment-no-premium = without Telegram Premium
segment-phone = whose phone number is known
segment-no-phone = whose phone number is not known
segment-attribute = whose { $name } is { $value }
segment-no-attribute = except those whose { $name } is { $value }
segment-compare = { $compare ->
    [below] below { $value }
    [most] at most { $value }
    [above] above { $value }
   *[least] at least { $value }
 }
segment-joined = who joined { $time }
segment-no-joined = who did not join { $time }
segment-seen = seen { $time }
segment-no-seen = not seen { $time }
segment-blocked = who blocked the bot { $time }
segment-no-blocked = who did not block the bot { $time }
segment-last-days = in the last { $count ->
    [one] day
   *[other] { $count } days
 }
segment-last-hours = in the last { $count ->
    [one] hour
   *[other] { $count } hours
 }
segment-before-days = more than { $count ->
    [one] a day
   *[other] { $count } days
 } ago
segment-before-hours = more than { $count ->
    [one] an hour
   *[other] { $count } hours
 } ago
segment-day = { $compare ->
    [below] before { $day }
    [most] on { $day } or before
    [above] after { $day }
    [least] on { $day } or after
   *[other] on { $day }
 }
segment-got = who got #{ $number }
segment-no-got = who have not got #{ $number }
segment-reminder = who got #{ $number } and have not answered it
segment-failed = whom #{ $number } failed to reach
segment-no-failed = whom #{ $number } did not fail to reach
segment-uncertain = whom #{ $number } may or may not have reached
segment-no-uncertain = except those whom #{ $number } may or may not have reached
segment-among = to whom #{ $number } went
segment-no-among = to whom #{ $number } did not go
segment-voted = who voted under #{ $number }
segment-no-voted = who have not voted under #{ $number }
segment-voted-for = who voted “{ $choice }” under #{ $number }
segment-no-voted-for = who have not voted “{ $choice }” under #{ $number }
segment-answered = who answered #{ $number }
segment-no-answered = who have not answered #{ $number }
segment-answered-for = who answered “{ $choice }” in #{ $number }
segment-no-answered-for = who have not answered “{ $choice }” in #{ $number }
segment-chance = { $percent } % of them by chance
segment-no-chance = all but { $percent } % of them by chance

audience-filter = Filter…
audience-exclude = Exclude…
audience-lists = Lists…
audience-saved = Saved…
audience-nobody-meets = Nobody who can be reached meets these conditions, so there is nobody to send to. Change them in Filter….
filter-ask =
    Campaign #{ $id }: which of these people? Tap conditions, or type them in a line. What you type is added to what is chosen:
    tag:vip -tag:refunded seen:<30d got:12 -answered:12 city:Kazan age:>18
exclude-ask =
    Campaign #{ $id }: whom to leave out? Tap conditions, or type a line. People who meet all of it are left out as well:
    tag:refunded city:Kazan
exclude-minus = Here a line says whom to leave out, so it has no minus: tag:refunded leaves out people with that tag. Nothing has changed. Lines with a minus go into Filter….
filter-first = First N…
filter-first-ask = To how many of them? Type a number, such as 1000. The rest can get it later: Send to the rest on the card of the campaign.
filter-chance = N % by chance…
filter-chance-ask = To what share of them? Type a percentage from 0.01 to 99.99, such as 10 %. The rest can get it later: Send to the rest on the card of the campaign.
filter-clear = Clear
filter-done = Done
filter-examples = For example: { $names }
filter-empty = I found no condition. Type one such as tag:vip, or tap Clear to mean everyone of the languages.
filter-too-long = This is too long: a line has at most { $conditions } conditions, names at most { $campaigns } campaigns, and nests brackets ten deep.
filter-unread = I don’t understand { $part }: { $why }
filter-understood = I understand: { $line }
filter-again = Nothing has changed. Type the whole line again.
filter-why-word = a condition is a word, a colon and a value, such as tag:vip.
filter-why-value = this value does not fit.
filter-why-time = a time is such as <30d, >12h or >=2026-01-31.
filter-why-number = this compares with a number or a date.
filter-why-campaign = this needs the number of a campaign.
filter-why-untold = Telegram does not say who opened a link, and taps on buttons with an answer are only counted. Votes are known: voted:12.
filter-why-saved = no conditions are saved under this name: /segments.
filter-why-bracket = the brackets do not match.
filter-why-or = something is missing on one side of “or”.
saved-ask =
    Campaign #{ $id }: which saved conditions? A tap adds a copy of them to the campaign’s own, or takes it out. Changing or deleting them later in /segments changes no campaign.
saved-ask-none =
    Campaign #{ $id }: nothing is saved for this bot yet. Choose conditions in Filter…, then Save as… keeps them under a name.
saved-more = There are { $count } more: type one in Filter…, such as saved:"Regulars".
saved-save-as = Save as…
saved-ask-name =
    Under which name should I save: { $conditions }?
    Up to 64 characters, no comma. Languages and “First N” are not saved with them.
saved-ask-replace = “{ $name }” exists already: { $conditions }. Replace it, or type another name.
saved-replace = Replace it
saved-done = Saved as “{ $name }”.
audience-ask =
    Campaign #{ $id }: who should receive it? Tap languages on and off, then Continue.
    Chosen: { $people }
audience-all = All languages
audience-others = Other languages
audience-no-language = No language
audience-once = Each person once
audience-continue = Continue
audience-nobody = Nobody is chosen, so there is nobody to send to. Tap at least one language.
audience-empty = Nobody is on this bot’s list yet, so there is nobody to send to. People join with /start; to import a list from elsewhere, run “npm run recipients:import”.
audience-empty-elsewhere = Nobody is on the list of { $bot } yet. Import its people by the API: docs/beside.md. If Herald answers it, people also join with /start.
audience-empty-several = Nobody is on the lists of these bots yet, so there is nobody to send to.
audience-done = To: { $audience } → { $people }
audience-typed = Tap the buttons, or type one of their labels.

people = { $count ->
    [one] { $count } person
   *[other] { $count } people
 }
share = { $bot } { $count }
share-once = { $count ->
    [one] One person has
   *[other] { $count } people have
 } several of these bots, and { $count ->
    [one] gets
   *[other] get
 } it once, from the first in this order.
share-each = { $count ->
    [one] One person has
   *[other] { $count } people have
 } several of these bots, and { $count ->
    [one] gets
   *[other] get
 } it from each.

review-title = Campaign #{ $id } · draft
review-post = Post: { $post }
post-summary = { $kind }{ $characters ->
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
review-left-category = { $count } who left this category
review-over-cap = { $count } over the frequency cap
review-and = { $one } and { $other }
review-takes = Takes about { $duration } at { $rate ->
    [one] { $rate } message
   *[other] { $rate } messages
 } a second, done by { $time }
review-stars = Costs up to { $stars ->
    [one] { $stars } Star
   *[other] { $stars } Stars
 } (0.1 a message above the free { $free } a second)
review-refused = ⚠️ Telegram refuses this post: { $description }. It cannot be sent until you change it.
review-versions = Versions: { $versions }; { $rest ->
    [none] nobody gets the default one
   *[some] the default one goes to { $rest }
 }
review-versions-chats = Versions: { $versions }. Groups and channels get the default one.
review-personal = Personal: { $names }
review-parts = ⚠️ Only { $arrived } of { $asked } source messages { $arrived ->
    [one] is
   *[other] are
 } still there. Send the post again under “Edit post”.
review-file-too-large = ⚠️ This file is too large to pass on to the bot that sends the post: { $file }. Telegram gives a bot files of up to 20 MB. Send a smaller one, upload it with the API (up to 50 MB), or run a local Bot API server.
review-file-not-fetched = ⚠️ A file of this post could not be fetched from Telegram: { $file } ({ $detail }). Nothing is lost: tap “Try again”.
review-file-not-uploaded = ⚠️ The bot that sends this post could not upload a file of it: { $file } ({ $detail }). Nothing is lost: tap “Try again”.
review-file-busy = ⚠️ A file of this post is not uploaded yet: { $file }. Telegram asks to wait { $detail } s; then tap “Try again”.
review-file-other-kind = ⚠️ Telegram makes something else of a file when another bot uploads it: { $file } ({ $detail }). Send it as a file instead.
review-shown-by = From: { $bot }, where you get the preview
review-start-bot = ⚠️ { $bot } sends this post and cannot show it to you yet. Open { $link }, tap “Start”, and then “Try again” here.
review-shown-by-each = Each bot shows its preview in its own chat with you.
review-bot-trouble = ⚠️ { $bot } cannot send it now: { $reason } Take it out, or mend it and tap “Try again”.
review-custom-emoji = Custom emoji: this bot may not use them; { $count } will look like plain emoji
review-icons = Custom emoji on buttons: this bot may not use them; { $count } will be missing
check-personal-too-long = With the longest values this text is { $over ->
    [one] { $over } character
   *[other] { $over } characters
 } too long: the limit is { $limit }. Shorten it.
check-personal-empty = For anyone without it, a text or a button would be empty. Add words or a default, such as {"{first_name|friend}"}.
check-personal-link-too-long = With the longest values a link is { $over ->
    [one] { $over } character
   *[other] { $over } characters
} too long: the limit is { $limit }. Shorten it.
check-no-codes = {"{code}"} needs personal codes: add them under “Options…” → “Codes…”.
check-too-few-codes = There are { $codes ->
    [one] { $codes } code
   *[other] { $codes } codes
} for { $people ->
    [one] { $people } person
   *[other] { $people } people
}: { $lacking } more { $lacking ->
    [one] is
   *[other] are
} needed. { $withheld ->
    [0] {""}
   *[other] { $withheld } more are withheld since the restore. {""}
}Add them under “Options…” → “Codes…”, or choose fewer people.
check-codes-too-late = The campaign began without codes, so nobody was given one. Take {"{code}"} out of the post, or make a new campaign for those who are left.
check-codes-unused = There are codes, but the post does not say {"{code}"}: nobody gets one.
check-codes-of-step = Codes for { $codes ->
    [one] { $codes } newcomer
   *[other] { $codes } newcomers
}. When they run out, the step pauses, and those who are due wait until you add more.
check-welcome-codes = A welcome has no personal codes. Take {"{code}"} out, or make a step for newcomers: /newcomers.
check-app-button = Mini App buttons work in private chats only. Remove them under “Buttons…”, or change the audience.
check-inline-button = Buttons with “share:” or “here:” do not work in channels. Remove them under “Buttons…”, or change the audience.
check-open-poll = Channels allow anonymous polls only. Send an anonymous one, or leave the channels out.
check-channel-poll = Telegram allows polls limited to members or to some countries only in channels. Send one without such limits, or turn Forward on under “Options…”.
check-album-buttons = Albums cannot carry buttons. Give them a text below the album under “Buttons…”, or remove them.
check-mail-link = A link leads to the e-mail address { $email }. Telegram would turn it into a website that does not exist. Write the address out in the text instead: then it can be tapped.
check-no-source = I do not know which message to copy or forward. Send me the post again under “Edit post”.
check-forward-elsewhere = Another bot sends this post, and it cannot forward messages from this chat. Turn Forward off under “Options…”, or send the post by this bot.
check-copy-elsewhere = This kind of post can only be copied from this chat, which another bot cannot do. Send it by this bot, or send another post.
check-files-missing = { $count ->
    [one] A file of this post has
   *[other] { $count } files of this post have
 } not been uploaded by the bot that sends it. The preview does that: tap “Try again”.
check-files-unknown = This post comes from an older version of Herald, which did not note its files for other bots. Send me the post again under “Edit post”.
check-mention-elsewhere = People who are mentioned without a username are linked only if they know the bot that sends this post.
check-segment-campaign-unknown = The audience names #{ $number }, but there is no such campaign, or it is a draft. Change it in Audience….
check-segment-campaign-itself = The audience names #{ $number }, which is this campaign: until it starts, nobody has got it. Change it in Audience….
check-segment-campaign-elsewhere = The audience names #{ $number }, which another bot sent or only one of these: who got it is known for the bot that sent it. Take the condition out in Audience…, or choose that bot alone.
check-segment-campaign-chats = The audience names #{ $number }, which went to groups or channels, so it says nothing about people. Change it in Audience….
check-segment-campaign-old = The audience names #{ $number }, which is so old that who got it is no longer known. Change it in Audience….
check-segment-campaign-no-votes = The audience asks who voted under #{ $number }, but that has no buttons to vote with. Change it in Audience….
check-segment-campaign-no-poll = The audience asks who answered #{ $number }, but that is not a poll. Change it in Audience….
check-segment-campaign-anonymous = The audience asks who answered #{ $number }, but Telegram does not say who answers anonymous polls. Change it in Audience….
check-segment-choice-unknown = The audience asks who chose “{ $choice }” in #{ $number }, but it has no such choice. It has: { $choices }. Change it in Audience….
check-segment-list-unknown = The audience names the list { $name }, which does not exist. Change it in Audience….
check-segment-first-of-several = “The first so many” works with one bot. Take the limit out in Audience…, or choose one bot.
check-taps-unheard = Another program receives the taps on these buttons, and has told me of nothing for a week. Votes and answers work only with the relay: docs/beside.md
check-unknown-name = {"{"}{ $name }{"}"} will be sent as is: nobody has an attribute of that name. I also know first_name, last_name and username.
check-no-default = Anyone without one will see nothing in place of {"{"}{ $name }{"}"}. A default helps: {"{"}{ $name }|friend{"}"}
check-no-attribute = { $count ->
    [one] { $count } person has
   *[other] { $count } people have
} no { $name } and will see nothing in its place. A default helps: {"{"}{ $name }|…{"}"}
check-not-personal = {"{"}{ $name }{"}"} will be sent as is: polls, places, contacts, shared texts and answers of buttons are the same for everyone.
check-forward-drops = When forwarded, it loses its buttons, the text below it and personal names.
check-forward-buttons = When forwarded, it keeps the buttons that it came with.
check-forward-mute = A forwarded album arrives without the effect.
check-source-must-stay = Do not delete your message until the campaign has finished.
check-effect-people-only = The effect plays in private chats only.
check-own-poll = Each recipient gets a poll of their own, and I add up the votes on the card. With Forward (under “Options…”) all would share one poll.
check-shared-poll = All share one poll, so its results show in the poll itself. Telegram does not tell me about them.
check-dice = Each recipient gets a throw of their own.
check-inline-mode = Buttons with “share:” or “here:” need the bot’s inline mode: turn it on with /setinline at @BotFather.
in-version = { $version }: { $text }
of-bot = { $bot }: { $text }
kind-text = text
kind-photo = photo
kind-live_photo = live photo
kind-album = album of { $parts }
kind-poll = poll
kind-quiz = quiz
kind-location = location
kind-venue = place
kind-contact = contact
kind-dice = dice
kind-rich = rich message
kind-copy = { $what ->
    [checklist] checklist
   *[other] message ({ $what })
 }
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
button-versions = Versions…
button-add-version = Add a version for { $language }…
button-change-version = Change { $language }…
button-remove-version = Remove { $language }
button-version-buttons = Buttons for { $language }…
button-test = Send test to me
button-try-again = Try again
button-take-out = Take out { $bot }
button-test-others = Send test to…
testers-ask = Who should get a test of campaign #{ $id }? Tap each.
testers-none = There are no other admins. An owner adds them with /admins.
testers-all = All of them
tester-intro = { $name } sends you a test of campaign #{ $id }:
tester-sent = Sent to { $names }
tester-has-it = Has it already: { $names }
tester-unreachable = I cannot write to { $names }: they have not started this bot, or have blocked it.
button-discard = Discard
button-discard-change = Discard changes
button-yes-discard = Yes, discard
button-yes-discard-change = Yes, discard
button-back = Back
button-remove-buttons = Remove all
test-sent = Sent, see below.
ask-discard = Discard draft #{ $id }? Its post and everything chosen for it will be lost.
ask-discard-change = Discard the changes to campaign #{ $id }? The campaign itself stays as it is.
discarded = Draft #{ $id } is discarded.

versions-ask = Versions of campaign #{ $id }. People get the one in their language, everyone else the default one.
versions-line = { $version }: { $post }{ $people ->
    [none] {""}
   *[some] { " " }→ { $people }
 }
versions-note-typed = For another language, type its name or its code, such as de.
versions-note-chats = Groups and channels get the default one.
versions-unknown = I do not know that language. Tap one, or type its name or its code, such as de.
versions-too-many = A post may have { $most } versions besides the default one. Remove one first.
versions-others = others
version-default = Default
version-label = { $language }:
version-removed = The { $language } version has been removed.

buttons-ask =
    Send me the buttons, one row a line:
    Shop - https://example.com
    Several in a row are separated by | :
    News - t.me/example | Help - example.com/help
    What else a button can do:
    Code - copy: SALE20
    Order - app: https://example.com/app
    Tell friends - share: sale
    Search here - here: sale
    👍 | 👎
    ? Opening hours - Daily, 9:00 to 21:00
    “copy:” copies text, “app:” opens a Mini App (in private chats only), “share:” and “here:” use the bot’s inline mode (not in channels). An emoji alone is a vote; “?” begins a button that shows text.
    Colours: (green), (red) or (blue) before the text. A custom emoji before the text becomes its icon. In a text, | is written as \|.
buttons-which = Buttons for which version?
buttons-of = Version: { $version }
buttons-inherited = This version has the buttons of the default one. Buttons that you send replace them here.
buttons-album = An album cannot carry buttons. They go under a message below it; I will ask for its text next.
buttons-below = An album cannot carry buttons. They go under the message below it.
buttons-now = The buttons now:
buttons-removed = The buttons have been removed.
buttons-removed-below = The buttons have been removed. The message below the album stays, unless you remove it, too.
buttons-as-default = The same buttons as the default version
button-as-default = As the default version
button-below = Text below…
button-remove-below = Remove the message below
button-keep-below = Keep it
button-without-buttons = Without buttons
below-ask = Albums cannot carry buttons. Send me the text of a message to stand right below the album; the buttons go under it.
below-replace = Send me the new text of the message below the album.
below-not-text = The message below an album must be a text. Send me one.
buttons-faults = I could not accept the buttons; nothing was changed. Please fix this and send all of them again:
button-fault-no-url = Line { $line }: “{ $part }” does not end with an address. Write it as Text - https://example.com
button-fault-no-text = Line { $line }: the address { $part } has no text before it. Write it as Text - https://example.com
button-fault-bad-url = Line { $line }: Telegram does not accept the address “{ $part }”. It accepts http, https, tg, ton and tonsite.
button-fault-mail = Line { $line }: “{ $part }” is an e-mail address, and buttons open websites only. Put the address into the text of the post, or let people copy it: Text - copy: { $part }
button-fault-text-too-long = Line { $line }: “{ $part }” is longer than { $limit } characters.
button-fault-no-copy = Line { $line }: “{ $part }” has nothing to copy. Write it as Text - copy: SALE20
button-fault-no-answer = Line { $line }: “{ $part }” has no reply. Write it as ? Text - reply
button-fault-bad-app = Line { $line }: “{ $part }” is not the address of a Mini App. It begins with https://
button-fault-url-too-long = Line { $line }: the address of “{ $part }” is longer than { $limit } characters.
button-fault-copy-too-long = Line { $line }: what “{ $part }” copies is longer than { $limit } characters.
button-fault-query-too-long = Line { $line }: the query of “{ $part }” is longer than { $limit } characters.
button-fault-answer-too-long = Line { $line }: the reply of “{ $part }” is longer than { $limit } characters.
button-fault-same-vote = Line { $line }: there is already a vote { $part }. Each needs its own emoji.
button-fault-bad-vote = Line { $line }: “{ $part }” is not one emoji, as a vote has to be.
button-fault-row-too-long = Line { $line }: more than { $limit } buttons do not fit into a row.
button-fault-too-big = Line { $line }: from here on the buttons no longer fit under one message. Shorten texts and addresses.
button-fault-too-many = Line { $line }: more than { $limit } buttons do not fit under a message.

confirm-ask = Send campaign #{ $id } to { $people } now?
confirm-type = Send campaign #{ $id } to { $people } now? Type the number { $number } to send it, or tap Back.
confirm-waits = Send campaign #{ $id } to { $people }?
confirm-waits-type = Send campaign #{ $id } to { $people }? Type the number { $number } to confirm, or tap Back.
confirm-moved = The number of people has changed: it was { $before }, now it is { $after }. Please confirm again.
confirm-changed = Draft #{ $id } was changed since you were asked. Here it is as it stands now; please look at it and confirm again.
overdue-ask = Campaign #{ $id } was due { $due } { $sent ->
    [unknown] and may have been sent after the backup was made
   *[no] and was not sent
 }. Send it to { $people } now?
overdue-type = Campaign #{ $id } was due { $due } { $sent ->
    [unknown] and may have been sent after the backup was made
   *[no] and was not sent
 }. Send it to { $people } now? Type the number { $number } to send it, or tap a button.
overdue-nobody = Campaign #{ $id } was due { $due } { $sent ->
    [unknown] and may have been sent after the backup was made
   *[no] and was not sent
 }. It would reach nobody now.
overdue-wrong = “{ $text }” is not { $number }. Nothing was sent. Type { $number } to send campaign #{ $id } now, or tap a button.
overdue-changed = Campaign #{ $id } was changed since you were asked. Please look at it again.
confirm-started = Campaign #{ $id } has started, but its card could not be shown. /campaign { $id } shows it.
confirm-wrong = “{ $text }” is not { $number }. Nothing was sent. Type { $number } to confirm, or tap Back.
button-yes-send = Yes, send to { $count }
button-yes-schedule = Yes, schedule for { $time }

dialog-left = Cancelled. Drafts are kept in /campaigns.
dialog-none = No dialog is open. To end a campaign, add its number: /cancel 12
dialog-lost = Herald was updated in the meantime, and the dialog was closed. The draft is kept in /campaigns.
dialog-broken = Something went wrong here, and the dialog was closed. The draft is kept in /campaigns.

# Cards

state-scheduled = scheduled
state-running = sending
state-paused = paused
state-finished = finished
state-cancelled = cancelled
state-expired = expired
state-draft = draft
card-title = Campaign #{ $id } · { $state }
bundle-title = Campaigns #{ $id } · { $state }
bundle-to = To: { $audience } · by { $author }
bundle-once = Each person once
bundle-sent = { $sent } of { $total }
bundle-speed = { $rate } a second · done in { $duration }
bundle-others-go-on = Campaign #{ $id } is paused. { $count ->
    [one] #{ $others }, confirmed together with it, goes
   *[other] #{ $others }, confirmed together with it, go
 } on.
bundle-others-paused = Campaign #{ $id } goes on. { $count ->
    [one] #{ $others }, confirmed together with it, stays
   *[other] #{ $others }, confirmed together with it, stay
 } paused.
card-bundle = Confirmed together: #{ $id }
card-elsewhere = Campaign #{ $id }: its card is { $where ->
    [above] above
   *[below] below
 }.
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
card-freezing = Still gathering people; the total will grow.
card-quiet = Telegram asks to wait until { $time }
card-took = Reached { $sent } of { $total } ({ $share } %) in { $duration }
card-votes = Votes: { $buttons }
card-taps = Taps: { $buttons }
card-poll = Voted in the poll: { $count }
card-poll-option = { $bar } { $share } % · { $option } · { $count }
card-poll-right = Right: { $right } of { $judged }
card-poll-forward = All share one poll: its results show in the poll itself.
tap-count = { $button } { $count }
vote-counted = { $choice } counted
vote-moved = Now { $choice }
vote-taken-back = { $choice } taken back
vote-over = Voting is over
vote-preview = This is a preview: votes are not counted here.
post-button-gone = This button no longer works.
card-cancelled = { $left ->
    [0] By then it had gone to everybody.
    [one] One person was not messaged. What was sent stays.
   *[other] { $left } people were not messaged. What was sent stays.
}
card-why = Not reached:
card-reason = · { $reason }: { $count }
card-uncertain-note = “Uncertain” means that the request may have got through, but no answer came: the post may or may not have arrived. It is not sent to them again unless you ask.
card-details-gone = The delivery details were kept for { $days ->
    [one] { $days } day
   *[other] { $days } days
 }; only these totals are left.
notice-no-stars = ⚠️ Campaign #{ $id } continues at the free rate, { $rate ->
    [one] { $rate } message
   *[other] { $rate } messages
 } a second: Telegram says that the bot has too few Stars. After a top-up, Pause and Resume bring the paid rate back.
notice-paused = ⚠️ Campaign #{ $id } is paused.
paused-errors =
    Paused automatically: many failed in a row, or more than one in five of the last 500, so the recipients are probably not the cause.
    Failed: { $failed }{ $uncertain ->
    [0] {""}
   *[other] , uncertain: { $uncertain }
 }. The last reason: { $description }
    It may be the wrong bot, the wrong list, or trouble at Telegram. Resume retries those who failed; after that, failures no longer pause this campaign.
paused-said = It said: { $description }
paused-version = { $language ->
    [none] The default version
   *[other] The { $language } version
 }: { $description }
paused-content = Paused automatically: Telegram refuses the post. { $description }. Nobody has been counted as failed. Resume tries it again as it is; Edit changes it for those who have not received it yet.
paused-segment = Paused automatically: the audience asks about { $description }, and that cannot be answered: it was deleted, is too old, or is not one of the choices. Nobody else gets the post. Cancel it, or duplicate it with another audience.
paused-attribute = Paused automatically: nobody has the attribute { $description } any longer, and the post has no default for it, so it would have a gap. Give people the attribute again and tap Resume, or tap Edit and change the post.
paused-incomplete = Paused automatically: only { $arrived } of { $asked } parts of the album could be forwarded, because a source message is gone. Resume continues with the parts that are left; Edit changes the post for those who have not received it yet.
paused-codes = Paused automatically: there are too few codes, and { $description } more are needed. Nobody got the post without one. Add codes under “Codes…” and tap Resume.
paused-unauthorized = Paused automatically: Telegram refuses the bot’s token. It said: { $description }. { $whose ->
    [sender] Give the bot a new token in /bots. If you do so within an hour, the campaign goes on by itself; after that, tap Resume.
   *[home] Put a valid BOT_TOKEN into the configuration, restart Herald, then Resume.
 }

reason-blocked = blocked the bot
reason-deactivated = account deleted
reason-unreachable = never started the bot, or unknown to it
reason-personal = does not accept this kind of post
reason-chat-lost = the bot was removed from the chat
reason-no-rights = the bot has no right to post
reason-no-stars = not enough Stars
reason-unavailable = Telegram could not be reached, after several attempts
reason-uncertain = uncertain
reason-content = Telegram refuses the post for them
reason-skipped = skipped (left or blocked the bot after the start)
reason-other = other

button-pause = Pause
button-resume = Resume
button-cancel = Cancel
button-pause-all = Pause all
button-resume-all = Resume all
button-cancel-all = Cancel all
button-yes-cancel = Yes, cancel
button-retry = Retry failed
button-retry-uncertain = Retry uncertain
button-yes-retry = Yes, send again
button-failures = Failures (CSV)
button-results = Poll results (CSV)
button-show-post = Show post
show-post-refused = Telegram refuses this post now: { $description }
show-post-parts = Only { $arrived } of { $asked } source messages are still there.
show-post-lost = This post cannot be shown: it was copied or forwarded from a message that I no longer know.
button-people = Make a list…
button-rest = Send to the rest
button-duplicate = Duplicate
ask-cancel = End campaign #{ $id } for good? { $left ->
    [one] One person has
   *[other] { $left } people have
 } not been messaged yet.
ask-cancel-all = End campaigns #{ $id } for good? { $left ->
    [one] One person has
   *[other] { $left } people have
 } not been messaged yet.
ask-cancel-all-scheduled = Cancel campaigns #{ $id } for good? Nobody has been messaged yet.
ask-uncertain = Send campaign #{ $id } again to { $count ->
    [one] the one person who may or may not have received it? They
   *[other] the { $count } people who may or may not have received it? Some
 } may get it twice.
done-paused = Paused
done-resumed = Resumed
done-sending = Sending
done-cancelled = Cancelled
done-retried = Trying again
done-rest = Draft #{ $id } is for the rest
done-duplicated = Duplicated as draft #{ $id }
failures-caption = Failures of campaign #{ $id }: { $count ->
    [one] one row
   *[other] { $count } rows
 }
results-caption = Poll of campaign #{ $id }: { $count } voted
results-none = Nobody has voted in a poll of campaign #{ $id }.
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
list-outdated = This list was out of date; here is the current one.

# Status

status-title = Herald { $version } · Node { $node }
status-zones = Time zone data: IANA { $version }
status-proxy = Telegram through the proxy { $proxy }
status-by-webhook = Telegram posts updates to my webhook
status-up = Up for { $duration }
status-embedded = Database: embedded, PostgreSQL { $version }
status-pglite = Database: PGlite (PostgreSQL { $version }), since PostgreSQL itself cannot run here; the log says why
status-server = Database: PostgreSQL { $version }
status-size = { $size } · answers in { $ms } ms
status-backup = Last backup: { $time } · { $size }
status-no-backup = No backup yet
status-holder = Sends from { $holder } since { $time }
status-no-lease = { $time ->
    [none] Nothing is sent
   *[other] Nothing has been sent since { $time }
 }: { $holder } has lost the lease and is waiting for the database to give it back.
status-lease-lost = Lease lost: { $from } – { $to }
status-conflict = ⚠️ Another program polls with this token since { $time }
status-webhook = ⚠️ Updates go to { $host } since { $time }
status-webhook-failing = ⚠️ Telegram cannot reach my webhook since { $time }: { $what }
status-backlog = ⚠️ Updates wait long to be handled since { $time }
status-senders = { $count ->
    [one] Sends by one more bot
   *[other] Sends by { $count } more bots
 }
status-senders-elsewhere = { $count ->
    [one] One of them runs in another process
   *[other] { $count } of them run in other processes
 }
status-senders-more = … and { $count } more, see /bots
status-sender = @{ $bot }: { $text }
status-sender-starting = starting
status-sender-up = sends
status-sender-waiting = ⚠️ no process runs it right now
status-sender-elsewhere = in another process
status-sender-refused = ⚠️ Telegram refuses its token
status-sender-failing = ⚠️ cannot send right now, trying again
status-sender-conflict = ⚠️ another program polls with its token
status-sender-webhook = ⚠️ its updates go to a webhook
status-sender-webhook-failing = ⚠️ Telegram cannot reach its webhook here
status-sender-backlog = ⚠️ its updates wait long to be handled
status-sender-stars = ⚠️ too few Stars
status-rate = Rate: { $rate }
status-rate-paid = Rate: { $rate }, paid above { $free }
status-rate-cut = Now { $rate }, cut after a 429; it will recover
status-no-stars = Now { $rate }, the free rate: too few Stars
status-last-wait = Last 429: { $time }, a pause of { $duration }
status-in-flight = Calls in flight: { $count }
status-waiting = People waiting for an answer: { $count }
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
status-kept-for-ever = Delivery details are kept forever
messages-a-second = { $rate ->
    [one] { $rate } message
   *[other] { $rate } messages
 } a second
why-admin = by an admin
why-errors = too many failures
why-content = Telegram refuses the post
why-codes = too few codes
why-attribute = nobody has an attribute that its post needs
why-incomplete = parts of the album are gone
why-segment = its audience can no longer be determined
why-unauthorized = Telegram refuses the token

# Durations

duration-seconds = { $count } s
duration-minutes = { $count } min
duration-days = { $days } d { $hours } h
duration-hours = { $hours } h { $minutes } min

# Errors

error-not-found = There is no campaign #{ $id }. The numbers are in /campaigns.
error-not-among-yours = There is no campaign #{ $id } among those of your bots. The numbers are in /campaigns; which bots are yours is up to the owners.
error-no-bots = You may not use any bot at the moment. The owners of this bot decide who may use which: ask one of them.
error-conflict = Not possible now: campaign #{ $id } is { $state }. /campaign { $id } shows it.
error-changed = Somebody has changed draft #{ $id } in the meantime. Look at it again: /campaign { $id }
error-details-gone = Campaign #{ $id }: the delivery details were kept for { $days ->
    [one] { $days } day
   *[other] { $days } days
 }; only the totals are left: /campaign { $id }
error-unsendable = Draft #{ $id } cannot be sent as it is. Its review says why: /campaign { $id }
error-no-audience = Draft #{ $id } reaches nobody now. Choose who gets it: /campaign { $id }
error-count-moved = The number of recipients has changed: it was { $before }, now it is { $after }. Please confirm again.
error-count-not-typed = This goes to many: { $count }. Confirm it by giving that number.
error-reach-needed = Campaign #{ $id } repeats: say whether the change is for this run only or for all that follow.
error-nobody = There is nobody left to retry in campaign #{ $id }.
error-no-dialog = This card is out of date. The campaigns are in /campaigns.
error-forbidden = You are not allowed to do this. The owners of this bot decide who is.
error-not-admin = Only admins of this bot can do this.
error-internal = Something went wrong. Look in /campaigns before you try again; the log says more.

# Time: /schedule, zones, repeats, hours

why-late = missed its time
why-overdue = its time has passed
why-restored = restored from a backup
audience-chats = { $count ->
    [one] { $count } chat
   *[other] { $count } chats
 }
notice-late = ⚠️ Campaign #{ $id } was not sent: when it was due ({ $due }), Herald was not running. Send it now, at another time, or not at all?
notice-overdue = ⏸ Campaign #{ $id } was due { $due }. It is paused, so it was not sent. Send it now, at another time, or not at all?
notice-expired = ⚠️ Campaign #{ $id } has expired and was not sent: when it was due ({ $due }), Herald was not running.
notice-moved = ⏰ Campaign #{ $id } starts soon ({ $due }). Its audience has changed since it was scheduled: { $before } then, { $after } now.
error-overdue = The time of campaign #{ $id } has passed. /resume { $id } asks what should become of it.
error-past = This time has passed. Choose another one.
error-too-far = That is more than two years ahead. Choose an earlier time.
error-too-many = { $count ->
    [one] { $count } campaign is
   *[other] { $count } campaigns are
 } already scheduled, and no more may be (MAX_SCHEDULED). Cancel one, or send this one now.
command-schedule = Send a post at a later time
command-timezone = Your time zone
button-schedule = Schedule…
button-schedule-for = Schedule for { $time }
button-now-instead = Send now instead
button-send-waits = Send now · begins { $opens }
button-in-hour = In 1 hour
button-today = Today 19:00
button-tomorrow = Tomorrow 10:00
button-repeat = Repeat…
button-hours = Hours…
button-late = If late…
button-daily = Every day
button-other-days = Every other day
button-weekdays = Weekdays…
button-two-weeks = Every 2 weeks…
button-monthly = Monthly…
button-last-day = Last day
button-ends = Ends…
button-once = Only once
button-never = Never
button-runs = { $count ->
    [one] After { $count } run
   *[other] After { $count } runs
 }
button-any-time = Any time
button-late-send = Send anyway
button-late-ask = Ask me
button-late-expire = Let it expire
button-reschedule = Reschedule
button-edit = Edit
button-drop = Drop
button-yes-drop = Yes, drop
button-only-run = Only this run
button-whole-series = The whole series
button-save = Save changes
button-later-runs = This and all later runs
button-own-draft = Make it a draft of its own

time-now = now
time-in = in { $duration }
time-ago = { $duration } ago
duration-whole-hours = { $count } h
duration-whole-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
 }

when-ask = When should campaign #{ $id } go out?
when-examples = Tap, or type it, such as “tomorrow 9:00”, “25.11 18:30”, “in 2 hours” or “Monday 10:00”.
when-clock = Your clock shows { $time } ({ $zone }). /timezone changes that.
when-past = { $time } has passed.
when-past-day = { $day } has passed.
when-past-part = “{ $text }” has passed.
when-no-date = There is no such date: “{ $text }”.
when-no-time = There is no such time: “{ $text }”.
when-too-far = { $time } is more than two years ahead: that is too far ahead to schedule.
when-twice = { $time } comes twice: the clocks go back that night. Which of the two?
when-gap = There is no { $time } that night: the clocks go forward. The first time after the gap is { $next }. Tap it, or type another time.
when-which-hour = “{ $text }”: at what time? Tap one, or type it.
when-ambiguous = “{ $text }” can mean more than one time. Which one?
when-unknown = I cannot read “{ $text }” as a time. For a post that goes out again and again there is Repeat…, or type “every Monday 10:00”.
when-outside = This is outside its hours: sending begins { $opens }.
when-repeat-dropped = The repeat is dropped: it goes out once.

zone-ask = What is your time zone? Tap a city, or type yours, or a zone such as Europe/Moscow, or what time it is for you now, such as 21:30.
zone-which = Which of these is yours? The time there follows each name. If yours is missing, type a city near you. UTC with a number has no summer time.
zone-unknown = I do not know that place. Type a large city near you, a zone such as Europe/Moscow, or what time it is for you now, such as 21:30.
zone-first = I need your time zone first: tap a city, or type yours. I have noted “{ $text }”, so you need not type it again.
zone-now = Your time zone: { $zone }. It is { $time } there.

repeat-ask = How often should campaign #{ $id } go out?
repeat-examples = Tap, or type it, such as “every Monday 10:00”, “every other day at 9:00”, “on the 15th at 12:00”, or a cron expression: 0 9 * * 1-5
repeat-chosen = Chosen: { $repeats }
repeat-which-days = On which days?
repeat-which-day = On which day of the month? Tap one, or type it. In shorter months it goes out on the last day.
repeat-which-hour = At what time ({ $zone })? Tap one, or type it.
repeat-no-hour = I cannot read “{ $text }” as a time of day. Type it as 18:30.
repeat-no-time = At what time? Type days and time together, such as “every Monday 10:00”.
repeat-unknown = I cannot read “{ $text }” as a repeat.
repeat-not-cron = This is not a cron expression that I can use. It has five fields: minute, hour, day of the month, month, weekday. For example, 0 9 * * 1-5 is 09:00 from Monday to Friday.
repeat-never = This cron expression never comes due.
repeat-too-often = This is more often than every 15 minutes. Choose a longer interval.
repeat-none = This leaves no runs: { $repeats }. Nothing was changed.
repeat-echo = Repeats: { $repeats } · { $zone }
repeat-short-months = In months without a day { $day } it goes out on the last day.
repeat-next = { $count ->
    [one] The only run to come:
   *[other] The next { $count } runs:
 }
repeats-at = { $days } { $time }
repeats-dated = { $days }, { $time }
repeats-steps = { $days } { $steps }
repeats-dated-steps = { $days }, { $steps }
repeats-cron = by the cron expression { $expression }{ $runs ->
    [none] { "" }
   *[other] : { $runs }
 }
steps-hours = { $count ->
    [one] every hour
   *[other] every { $count } hours
 }
steps-minutes = every { $count } minutes
steps-within = { $every } from { $from } to { $to }
days-daily = { $step ->
    [1] every day
    [2] every other day
   *[other] every { $step } days
 }
days-workdays = every weekday
days-weekly = every { $days }
days-weeks = every { $step } weeks on { $days }
days-monthly = { $step ->
    [1] on day { $day } of every month
   *[other] every { $step } months on day { $day }
 }
days-monthly-end = { $step ->
    [1] on day { $day } of every month (or its last day)
   *[other] every { $step } months on day { $day } (or the last day)
 }
days-dates = { $count ->
    [one] on day { $days } of every month
   *[other] on days { $days } of every month
 }
days-dates-long = { $count ->
    [one] on day { $days } of every month that has it
   *[other] on days { $days } of every month that has them
 }
days-last = on the last day of every month
days-nth = on the { $nth } { $weekday } of every month
days-yearly = every year on { $date }
# The first, second … weekday of a month. The key names the weekday's gender, which Russian needs.
nth-m-1 = first
nth-m-2 = second
nth-m-3 = third
nth-m-4 = fourth
nth-m-5 = fifth
nth-m-last = last
nth-f-1 = first
nth-f-2 = second
nth-f-3 = third
nth-f-4 = fourth
nth-f-5 = fifth
nth-f-last = last
nth-n-1 = first
nth-n-2 = second
nth-n-3 = third
nth-n-4 = fourth
nth-n-5 = fifth
nth-n-last = last
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
repeats-day-1 = Monday
repeats-day-2 = Tuesday
repeats-day-3 = Wednesday
repeats-day-4 = Thursday
repeats-day-5 = Friday
repeats-day-6 = Saturday
repeats-day-7 = Sunday
repeats-until = until { $date }
repeats-runs = { $count ->
    [one] { $count } run in all
   *[other] { $count } runs in all
 }
ends-ask =
    When does it end? It repeats { $repeats }.
    Tap, or type a number of runs, such as “12 runs”, or a last date, such as “31 December”.
ends-unknown = I cannot read “{ $text }” as a number of runs or a date. Type “12 runs” or “31 December”.
ends-too-many = Type a whole number of runs from 1 to { $most }.

hours-ask =
    In which hours may campaign #{ $id } be sent? Outside them it waits.
    Tap, or type them, such as “09:00–18:00 Mon–Fri” or “22:00–06:00”.
hours-chosen = Chosen: { $hours }
hours-unknown = I cannot read “{ $text }” as hours. Type them as 09:00–18:00, with or without weekdays.
hours-ambiguous = “{ $text }” can mean more than one range of hours. Which one?
hours-set = Hours: { $hours }
hours-set-any = It may be sent at any time.
hours-workdays = Mon–Fri

late-ask =
    If Herald is not running when campaign #{ $id } is due, it starts as soon as Herald is back, and its report says how late.
    What if that is more than { $hours } h late?
late-is-send = send anyway
late-is-ask = ask me
late-is-expire = let it expire

plan-now = now
plan-when = When: { $time }
plan-when-past = When: { $time }. This time has passed.
plan-when-opens = When: { $opens }, as soon as its hours begin
plan-when-waits = When: { $time }; sending begins { $opens }, in its hours
plan-begins = Sending begins { $opens }, in its hours: { $hours }
plan-repeats = Repeats: { $repeats }
plan-hours = Hours: { $hours }
plan-late = If late (more than { $hours } h): { $policy }
plan-run = Run { $run } of the series, { $repeats }; { $next ->
    [none] no more runs
    [held] no next run until the paused one is resumed or cancelled
   *[other] next { $next }
 }

confirm-schedule = Schedule campaign #{ $id } for { $time }? It goes to { $people }.
confirm-schedule-type = Schedule campaign #{ $id } for { $time }? It goes to { $people }. Type the number { $number } to schedule it, or tap Back.
confirm-scheduled = Campaign #{ $id } is scheduled, but its card could not be shown. /campaign { $id } shows it.

change-title = Campaign #{ $id } · change
change-note = Until you save, #{ $id } stays as it is and goes out when it is due.
change-note-alone = The change is for #{ $id } alone; #{ $others }, confirmed together with it, stays as it is. To change all of them, cancel them all and duplicate them.
change-note-mends = Once saved, it applies to the { $count } who { $count ->
    [one] has
   *[other] have
 } not received the post yet. Then tap Resume on the campaign’s card.
change-note-paused = Until you save, #{ $id } stays as it is: paused. Once saved, it goes out at the time chosen here.
change-too-late = This can no longer be saved: campaign #{ $id } is { $state }. Nothing was changed there.
change-outrun = This can no longer be saved: somebody else has changed campaign #{ $id } in the meantime. Nothing was changed by this draft.
change-reach = It repeats { $repeats }. What is the change for? A time chosen for one run is for that run only; Repeat… changes the times of all later runs.
change-type = Save the change to campaign #{ $id }? It goes to { $people } now. Type the number { $number } to save it, or tap Back.
change-refused = Campaign #{ $id } has started or was changed in the meantime. Nothing was changed; your draft is kept.
error-needs-time = A scheduled campaign needs a time in the future. Choose one.
error-origin-reused = Campaign #{ $id } was created by another request with the same key.
error-bot-unknown = This Herald does not send by that bot, or no longer does.
error-bot-beside = Another program answers this bot, so it also answers /start.
error-bots-for-chats = Channels and groups get their posts from one bot. Tap “From” and choose one.
error-bots-too-many = A post can have { $count } bots at most.
error-too-many-webhooks = There are { $count } webhooks already, the most that there can be.
error-webhook-disabled = This webhook is disabled. Enable it first.
error-bot-is-home = That is the bot you are talking to. Its token and rate are set where Herald runs: BOT_TOKEN, MESSAGES_PER_SECOND.
error-bot-known = This bot is there already: /bots. To give it another token, open it and tap “New token…”.
error-bot-leaving = This bot is still being removed. Add it again in a few minutes.
error-bot-elsewhere = This bot belongs to another Herald that uses the same database. Remove it there first.
error-bot-configured = The token of this bot is in EXTRA_BOT_TOKENS. Change or remove it there, and restart Herald.
error-bot-needs-token = Herald cannot read the token of this bot. Put SECRET_KEY or the key file back where Herald runs, or let an owner give the token again: /bots, the bot, “New token…”.
error-bot-may-be-polled = A program may be polling for this bot’s updates. It would stop with an error.
error-bot-has-webhook = A webhook at { $host } receives this bot’s updates. Remove it first.
error-bot-name-unfit = A name has 1 to { $most } characters. Type another one, or /cancel.
error-bot-rate-unfit = That is not a number from { $least } to { $most }. Type one, or /cancel.
error-bot-rate-not-free = { $rate } messages a second are above Telegram’s free limit of about { $free }.
error-bot-removal-not-typed = Type the name of the bot to remove it: { $name }.
error-bot-campaigns-moved = { $before } of its campaigns were to end, now it would be { $after }. Please confirm again.
error-bot-token-malformed = This is not a token. Copy it whole from @BotFather, or /cancel.
error-bot-token-of-another = This is the token of another bot. Nothing has changed. Send the right one, or /cancel.
error-bot-token-refused = Telegram refuses this token. Copy it again from @BotFather; a revoked token no longer works.
error-bot-not-managed = Telegram does not give me the token of this bot. Send it by hand: open the bot in /bots, “New token…”, “Send a token…”.
error-telegram-unreachable = Telegram does not answer right now. Try again in a moment.
error-person-forgotten = { $id } asked to be forgotten, or was erased. They are back on the list once they start the bot anew.
error-list-unknown = This list is no longer there. See /lists.
error-list-name-unfit = A list’s name has 1 to 64 characters and no comma. Type another one, or /cancel.
error-list-name-taken = There is a list named “{ $name }” already. Type another name, or /cancel.
error-too-many-lists = A bot has at most { $count } lists. Delete one in /lists first.
error-segment-unknown = There are no saved conditions of this name or number. See /segments.
error-segment-name-unfit = A name has 1 to 64 characters and no comma. Type another one, or /cancel.
error-segment-name-taken = “{ $name }” exists already. Type another name, or /cancel.
error-too-many-segments = A bot has at most { $count } saved segments. Delete one in /segments first.
error-no-secret-key = Herald has no key to encrypt tokens with. Set SECRET_KEY, or name a folder that stays in DATA_DIR, and restart it; docs/configuration.md says how.
error-later-run = Campaign #{ $id } now goes out on its own: change the repeat in #{ $later }, the next run. Choose the old repeat again here, or discard this change.
change-saved = Campaign #{ $id } is changed, but its card could not be shown. /campaign { $id } shows it.
change-dropped = The change is dropped. Campaign #{ $id } stays as it is: /campaign { $id }

card-versions = Versions: { $versions }
card-opening = “{ $opening }”
card-span = { $from } to { $to }
card-span-days = { $from } to { $to }
card-by = by { $name }
card-author = By: { $name }
deed-paused = Paused by { $name }, { $time }
deed-changed = Edited by { $name }, { $time }
deed-cancelled = Cancelled by { $name }, { $time }
deed-cancelled-why = Reason: { $reason }
card-from = From: { $bot }
card-to = To: { $audience } → { $people }
card-waits = Waits for its hours, continues { $opens }
card-waits-to-begin = Waits for its hours, begins { $opens }
card-late = Started { $duration } late
card-expired = It was due { $due }, while Herald was not running. More than { $hours } h late, it expired, as chosen. Nobody was messaged.
card-cancelled-before = It had not started: nobody was messaged.
ask-cancel-scheduled = Cancel campaign #{ $id } for good? Nobody has been messaged yet.
ask-drop = Drop campaign #{ $id }? It will not be sent.
ask-drop-run = Drop campaign #{ $id }? It will not be sent. It is a run of a series; the next one is { $next }.
ask-cancel-run = Cancel campaign #{ $id }? It is a run of a series; the next one is { $next }.
ask-cancel-running-run = End campaign #{ $id } for good? It is a run of a series; the next one is { $next }.
done-cancelled-run = Cancelled. The next run is #{ $id }: { $time }
done-series-cancelled = The whole series is cancelled
paused-overdue = It was paused when its time came, so it was not sent. Send it now, at another time, or drop it?
paused-restored = Paused automatically: Herald’s data was restored from a backup of { $time }, and what was sent after that is not known. Resume sends to everyone who is counted as left; some of them may have the post already and get it twice. Cancel sends nothing more.
paused-restored-before = Paused automatically: Herald’s data was restored from a backup of { $time }. What was done with this campaign after that is not known: it may have been sent, changed or cancelled. { $due ->
    [past] Send it now, at another time, or drop it?
   *[ahead] Resume lets it be sent at its time; Cancel drops it.
 }
paused-late = It was due while Herald was not running, and was found too late to be sent without asking. Send it now, at another time, or drop it?

# Channels and groups

audience-to-chats = Channels & groups…
chat-can-post = I can post to “{ $title }” now. It is in the list under “Channels & groups…”, for its administrators.
chat-cannot-post = I am in “{ $title }”, but I lack the right to post there. Give it to me in the chat’s settings.
chats-ask =
    Campaign #{ $id }: which channels and groups should receive it? Tap them on and off, then Continue.
    Chosen: { $chats }
chats-empty =
    I know of no channel or group where you are an administrator.
    To add one: make me an administrator of your channel with the right to post, or add me to your group. It then appears here.
chats-found = Found for “{ $query }”: { $count }
chats-note-no-right = ⛔ Nothing can be posted there now. Tap one to see what to do.
chats-note-search = To search, type part of a name.
chats-previous = ‹ Previous
chats-next = Next ›
chats-all = All chats
chats-add = Add a chat…
chats-people = People instead
chats-add-how =
    Any of these adds a channel or group that you administer:
    · choose it with a button below; for a channel, this adds me, too,
    · forward me a post from the channel,
    · send me its @username or t.me link,
    · or just add me there: a channel needs me as an administrator with the right to post.
chats-pick-channel = Choose a channel
chats-pick-group = Choose a group
chats-picker-away = The buttons below have been removed.
chats-added = “{ $title }” is in the list.
chats-forward-of-person = This message does not say which chat it comes from. Forward a post from a channel, or send me the @username of the chat.
chats-not-people = A campaign goes to people or to chats: the languages have been cleared.
chats-cleared = A campaign goes to people or to chats: the chats have been cleared.
notice-chats-lost = ⚠️ Campaign #{ $id } did not reach { $count ->
    [one] one chat
   *[other] { $count } chats
 }:
notice-chat = – { $name }: { $reason }
notice-chats-more = – and { $count } more
notice-chats-lost-hint = Once I may post there again, open /campaign { $id } and tap “Retry failed”.
notice-pin-failed = ⚠️ Campaign #{ $id } was posted, but I have no right to pin it in:
notice-pin-chat = – { $name }
notice-delete-failed = ⚠️ The post of campaign #{ $id } should have been deleted by now, but I may not delete it in:
notice-delete-failed-hint = Please delete it there by hand, and give me the right to delete messages for next time.
notice-pin-failed-hint = Give me the right to pin for next time; you can pin this post yourself.
reason-topic-closed = the topic is closed or deleted
chats-nothing = No chat is chosen, so there is nowhere to post. Tap at least one.
chats-none-usable = I may not post to any of the chosen chats. Tap one to see what to do.
chats-not-in = I am not in this chat, or there is none by that name. Add me there first: to a channel as an administrator with the right to post.
chats-gone = I am no longer in “{ $title }”. Add me there again, then try again.
chats-no-admin = You are not an administrator of “{ $title }”{ $kind ->
    [channel] {" "}with the right to post
   *[other] {""}
 }, so you cannot send to it.
chats-no-right = I may not post to “{ $title }”. { $kind ->
    [channel] Make me an administrator there with the right to post messages, then try again.
   *[other] Allow me to send messages there or make me an administrator, then try again.
 }
chats-more = { $names } and { $count } more
chats-and-posts = { $chats } ({ $posts } posts)
review-chats-left = { $count } where I may not post
confirm-moved-chats = The number of chats has changed: it was { $before }, now it is { $after }. Please confirm again.
chats-faults = ⚠️ Nothing was sent:
chats-fault-gone = · { $title }: I am no longer in it.
chats-fault-no-admin = · { $title }: you are not an administrator there with the right to post.
chats-fault-no-right = · { $title }: I have no right to post there.
chats-fault-closed = · { $title }: the topic “{ $topic }” is closed, and I may not manage topics.
chats-faults-then = Fix this or change the audience, then send it again.

topics-ask = “{ $title }” has topics. Which of them should receive the post? You can choose several.
topics-general = General
topics-note-closed = 🔒 Closed: only administrators who manage topics can write there.
topics-note-unknown = Telegram tells bots about new topics only. To add one that is missing here, send me its link.
topics-closed = The topic “{ $topic }” is closed. Reopen it, or let me manage topics in “{ $title }”.
topics-no-link = This is not a link to a topic in this group. In Telegram, open the topic and copy its link, such as https://t.me/c/1234567890/15

button-options = Options…
review-options = Options: { $options }
options-ask = Options of campaign #{ $id }. Tap them on and off.
options-note-silent = Silent: it arrives without a sound.
options-note-protect = Protect content: it can be neither forwarded nor saved.
options-note-noPreview = No link preview: links show no picture and no summary.
options-note-forward = Forward: it arrives under the name of whoever wrote it (yours, if you wrote it to me), without buttons and personal names.
options-note-pin = Pin: it is pinned, and what a campaign pinned there before is unpinned.
options-note-pin-people = Pin: it is pinned in the chat of each person, and what a campaign pinned there before is unpinned. That takes as long again as sending.
options-note-shuffle = Shuffle options: each person sees the options of the poll in an order of their own.
options-note-addOptions = Added options: people may add options to the poll.
options-note-hideResults = Hide results: nobody sees the results before the poll closes. My card shows them at once.
options-note-no-addOptions = People can add options only to polls with visible votes and fewer than 12 options.
options-note-no-hideResults = The results can be hidden only in a poll that closes by itself: give it a duration when you create it.
options-note-effect = Effect…: an animation that plays when it arrives.
options-note-delete = Delete after…: I delete it after some hours.
options-note-category = Category…: what kind of message it is. Those who left that category do not get it.
options-note-comments = Comments: Telegram gives bots no way to turn them off for one post. Only the settings of the channel can, for all posts.
options-cannot-pin = ⚠️ I may not pin in: { $chats }
options-cannot-delete = ⚠️ I may not delete messages in: { $chats }
option-silent = Silent
option-protect = Protect content
option-noPreview = No link preview
option-forward = Forward
option-pin = Pin
option-shuffle = Shuffle options
option-addOptions = Added options
option-hideResults = Hide results
option-effect = Effect…
option-delete = Delete after…
option-codes = Codes…
options-note-codes = Codes… gives each person a code of their own: {"{code}"} in texts, buttons and links.
codes-of = Personal codes of campaign #{ $id }
codes-count = { $all ->
    [0] There are none yet.
    [one] { $all } code, { $free } of them still free.
   *[other] { $all } codes, { $free } of them still free.
}
codes-withheld = { $count ->
    [one] { $count } code is
   *[other] { $count } codes are
} withheld: the database was restored from a backup, and people may have got them after that was made. Add others, or tap Use them if you are sure that nobody has them.
codes-ask = Send a file (txt or csv, one code a line), or a pattern and how many: SPRING-###### 5000. Each # becomes a letter or a digit; those that look alike are left out. Write {"{code}"} in the post where the code belongs. A person keeps their code when you retry or duplicate the campaign.
codes-note-repeat = Each run gives everyone a new code. When too few are left, the run pauses and says so.
codes-made = { $count ->
    [one] { $count } code made.
   *[other] { $count } codes made.
}
codes-then-resume = #{ $id } is waiting for them: /resume { $id } lets it go on.
codes-added = { $count ->
    [one] { $count } code added.
   *[other] { $count } codes added.
}
codes-too-long = { $count ->
    [one] { $count } line is longer than { $limit } characters and was left out: { $lines }
   *[other] { $count } lines are longer than { $limit } characters and were left out: { $lines }
}
codes-repeated = { $count ->
    [one] { $count } line repeats a code and counts once: { $lines }
   *[other] { $count } lines repeat a code and count once: { $lines }
}
codes-known = { $count ->
    [one] { $count } code was there already.
   *[other] { $count } codes were there already.
}
codes-cut = A file has at most { $most } codes; the rest was not read. Send it in parts.
codes-wrong = Send a file with one code a line, or a pattern and a number, such as SPRING-###### 5000.
codes-unreadable = I could not read that file. Telegram gives bots files of up to 20 MB: send it again, or in parts.
codes-none = Campaign #{ $id } has no codes.
codes-caption = Who got which code of campaign #{ $id }
button-release-codes = Use them
button-no-codes = Without codes
button-to-review = Review
button-codes-csv = Codes (CSV)
option-category = Category…
option-hours = { $hours } h
option-never = Never
option-is-silent = silent
option-is-protect = protected
option-is-noPreview = no link preview
option-is-forward = forwarded
option-is-pin = pinned
option-is-shuffle = options shuffled
option-is-addOptions = people may add options
option-is-hideResults = results hidden until the poll closes
option-is-effect = effect { $effect }
option-is-own-effect = an effect of your own
option-is-deleted = deleted after { $hours } h
effect-ask = Which effect should play when the post arrives? Tap one, or send me any message with an effect, and I will use that effect.
effect-wrong = This message has no effect. Tap one of those above, or send a message with an effect: in Telegram, hold the send button.
effect-none = None
effect-own = your own
lifetime-ask = After how many hours should the post be deleted? Tap, or type a whole number from 1 to { $most }. Bots can delete messages only within 48 hours of sending.
lifetime-wrong = Please type a whole number of hours from 1 to { $most }, such as 36.

posts-line = · { $chat }: { $link }
posts-line-bare = · { $chat }
posts-more = · and { $count } more

card-cancelled-chats = { $left ->
    [0] By then it had been posted everywhere.
    [one] One chat was not posted to. What was sent stays.
   *[other] { $left } chats were not posted to. What was sent stays.
}
ask-cancel-chats = End campaign #{ $id } for good? { $left ->
    [one] One chat has
   *[other] { $left } chats have
 } not been posted to yet.
ask-uncertain-chats = Send campaign #{ $id } again to { $count ->
    [one] the one chat that may or may not have received it? It
   *[other] the { $count } chats that may or may not have received it? Some
 } may get it twice.

# Lists, statistics and settings

list-number = #{ $id }
list-changes = changes #{ $id }
list-bots = { $count ->
    [one] { $count } bot
   *[other] { $count } bots
 }
list-waits = waiting
list-search-hint = To search: /campaigns and words from the post, a condition of its audience such as tag:vip, or a number.
found-title = “{ $words }”: { $count ->
    [0] nothing found. I look for all of the words in texts, captions and buttons.
    [one] { $count } campaign
   *[other] { $count } campaigns
 }
button-calendar = Calendar
button-all-campaigns = All campaigns
calendar-title = Calendar · { $week } · { $zone }
calendar-day = { $day }: { $first }
calendar-after = (after #{ $id })
calendar-goes-on = (continues)
calendar-more = … and { $count } more
calendar-empty = Nothing is planned for these days.
button-next-week = Next week
button-previous-week = Previous week

stats-counting = Counting people …
stats-campaigns = Campaigns
stats-running = Running: { $count }{ $paused ->
    [0] {""}
   *[other] { " " }({ $paused } paused)
 }
stats-scheduled = Scheduled: { $count }{ $paused ->
    [0] {""}
   *[other] { " " }({ $paused } paused)
 }
stats-finished = Finished: { $count }{ $errors ->
    [0] {""}
   *[other] { " " }({ $errors } with errors)
 }
stats-expired = Expired: { $count }
stats-cancelled = Cancelled: { $count }
stats-people = People
stats-people-of = People of { $bot }
stats-active = Active: { $count }
stats-blocked = Blocked: { $count }
stats-opted-out = Opted out: { $count }
stats-unreachable = Unreachable: { $count }
stats-joined = Joined in the last 7 days: { $count } ({ $before } in the 7 before)
stats-languages = Active, by language
stats-language = { $language } · { $count }
stats-polls = Last polls
stats-poll = #{ $id } · { $count } voted · { $option } { $share } %
stats-quiz = #{ $id } · { $count } voted · { $share } % right
stats-rates = Last campaigns, delivered
stats-rate = #{ $id } · { $share } % of { $total }
stats-rate-cancelled = #{ $id } · { $share } % of { $total } (cancelled)
chart-growth = People, last 30 days
chart-joined = joined per day
chart-total = on the list
chart-nobody = Nobody has joined yet
chart-reach = Messages, last 30 days
chart-reached = delivered per day
chart-missed = not delivered
chart-nothing-sent = Nothing was sent

settings-of-all-bots = The settings apply to all bots, so only admins who may use all of them can see and change them. Your time zone: /timezone
settings-title = Settings
settings-hours = Sending hours for new campaigns: { $hours } · { $zone }
settings-any-time = Sending hours for new campaigns: any time
settings-options = Options for new posts: { $options }
settings-no-options = Options for new posts: none
settings-options-ask = Tap them on and off. Posts that are being composed keep theirs.
settings-timezone = Your time zone: { $zone }. /timezone changes it.
screen-outdated = This screen was out of date; here is the current one.
settings-saved = Saved
settings-any = Any time
settings-day = 09:00–21:00
settings-other = Other hours…
settings-to-options = Options for new posts…
settings-hours-ask =
    In which hours may new campaigns be sent? Times are in your zone: { $zone }. For example:
    09:00–21:00
    10–18 on weekdays
    22:00–06:00
    /cancel to quit.
settings-hours-ambiguous =
    “{ $text }” can mean more than one range of hours. Type the one you mean:
    { $hours }
settings-hours-unknown = I cannot read “{ $text }” as hours. Type them from – to, such as 09:00–21:00 or 9:30–18:00 Mon–Fri. /cancel to quit.

# The post that answers /start

welcome-title = What people get when they start { $bot ->
    [none] this bot
   *[other] { $bot }
 }:
welcome-which-bot = Which bot’s welcome?
welcome-no-bots = Herald answers none of these bots, so another program answers /start.
welcome-own-words = Everyone: my own words, with /stop and /language
welcome-line = { $source ->
    [none] Everyone
   *[other] { $source }
 }: { $post }
welcome-refused = ⚠️ Telegram refuses it: “{ $description }”. People get my own words until you change it.
welcome-hint =
    It can be any post, with links as buttons, a version per language and names: {"{"}first_name|friend{"}"}. At their first start, people also read how to leave.
    Those who come by a link such as t.me/…?start=promo can get another one: /welcome promo. /welcome off promo removes it.
welcome-set-button = Set…
welcome-open = { $source ->
    [none] Everyone…
   *[other] { $source }…
 }
welcome-for-source = For a source…
welcome-change = Change…
welcome-remove = Remove
welcome-removed = Removed
welcome-none-there = There is no such welcome: /welcome lists them.
welcome-typed =
    I cannot read that. For example:
    /welcome – what is set
    /welcome promo – set one for people who come by ?start=promo
    /welcome off promo – remove it; /welcome off removes the one for everyone
    With several bots, name the bot: /welcome @shop_bot promo
welcome-ask-source = For people from where? Send the link that they come by, or what stands after ?start= in it, such as promo_vk0.
welcome-source-unfit = That cannot follow ?start= in a link: up to 64 Latin letters, digits, - and _. Send it again, or /cancel.
welcome-ask = Send me the post that people { $source ->
    [none] {""}
   *[other] from { $source }{" "}
 }should get when they start the bot. Any kind, exactly as they should see it.
welcome-review = Welcome for { $source ->
    [none] everyone
   *[other] people from { $source }
 } · draft
welcome-use = Use as welcome
welcome-set = Done: { $source ->
    [none] everyone who starts the bot
   *[other] everyone who comes from { $source }
 } gets this post from now on. /welcome changes or removes it.
list-welcome = welcome
error-no-campaign = Draft #{ $id } is a welcome or a step of the series for newcomers, and cannot be sent as a campaign.
check-welcome-button = Buttons that vote or show an answer work only in campaigns. A welcome can have links and buttons that copy text.
check-welcome-poll = Each person gets a poll of their own. Votes in a welcome are not added up.

# The series for newcomers

newcomers-title = Series for newcomers{ $bot ->
    [none] {""}
   *[other] {" "}of { $bot }
 }: each person gets these posts in this order, counted from the moment they joined.
newcomers-which-bot = Which bot’s series for newcomers?
newcomers-empty = There is no step yet. The series begins with the first one: only people who join from then on get it.
newcomers-hint = People who left get nothing more. A paused step holds up the later ones, and people who are a day late for a step do not get it. Typed: /newcomers add 3 days at 10:00, also with source:promo or tag:vip; /newcomers change 12, when 12, remove 12; /pause 12, /resume 12.
newcomers-line = #{ $id } · { $when }: { $post }
newcomers-counts = { $paused ->
    [yes] ⏸ paused ·{" "}
   *[no] {""}
 }sent { $sent }{ $missed ->
    [0] {""}
   *[other] {" "}· not reached { $missed }
 }{ $left ->
    [0] {""}
   *[other] {" "}· waiting { $left }
 }
newcomers-codes = Codes left: { $free }
newcomers-lacks-codes = ⚠️ The codes have run out: { $count ->
    [one] { $count } person waits
   *[other] { $count } people wait
} for one. Add codes under “Codes…”, then tap Resume: nobody misses the step.
newcomers-after-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
 } after joining
newcomers-after-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
 } after joining, at { $time }
newcomers-from = from { $source }
newcomers-tag = with the tag { $tag }
newcomers-open = #{ $id }…
newcomers-add = Add a step…
newcomers-change = Change the post…
newcomers-when = When…
newcomers-remove = Remove
newcomers-report = Report
newcomers-ask-when =
    How long after joining should people get it? For example:
    2 hours
    3 days at 10:00
    1 day at 19:00 source:promo – only those who came by ?start=promo
    A tag works, too: tag:vip. Days count in Herald’s time zone.
newcomers-when-unknown = I cannot read “{ $text }”. Type whole hours, or days at a time of day, up to a year: 2 hours, or 3 days at 10:00. /cancel to quit.
newcomers-ask-post = { $when }: send me the post exactly as people should see it.
newcomers-review = Newcomers: { $when } · draft
newcomers-use = Add to the series
newcomers-use-post = Replace the post
newcomers-added = Done: #{ $id } is in the series, { $when }. Those who were due for it before now do not get it. /newcomers shows the series.
newcomers-changed = Done: everyone who has not received #{ $id } yet gets the new post.
newcomers-retimed = Done: #{ $id } comes { $when }. Those who have it do not get it again.
newcomers-removed = #{ $id } is out of the series. Its report stays in /campaigns.
newcomers-typed =
    I cannot read that. For example:
    /newcomers – the series
    /newcomers add 3 days at 10:00 – a new step; also with source:promo or tag:vip
    /newcomers change 12, /newcomers when 12, /newcomers remove 12 – the step #12
    With several bots, name the bot: /newcomers @shop_bot add 2 hours
list-step = for newcomers

# Herald's own troubles, which the owners are told about

trouble-conflict = ⚠️ Another program asks Telegram for this bot’s updates with the same token. I still send campaigns, but I miss some of what people write and tap, your taps included. Stop the other program, or give one of us a bot of its own.
trouble-conflict-over = ✅ The other program that took this bot’s updates is gone ({ $from } to { $to }). I hear everything again. If I did not answer you meanwhile, please try again.
trouble-webhook = ⚠️ A webhook is set for this bot: Telegram hands what people write and tap to { $host }, and I hear nothing. I still send campaigns.{ $waiting ->
    [0] {""}
    [one] {" "}One update waits there.
   *[other] {" "}{ $waiting } updates wait there.
 } To let me listen, run “npm run webhook:remove” where I am installed; the program at { $host } then hears nothing any more. Or give me a bot of my own.
trouble-webhook-over = ✅ The webhook at { $host } is gone (set { $from } to { $to }). I hear people again. If I did not answer you meanwhile, please try again.
trouble-webhook-failing = ⚠️ Telegram cannot post this bot’s updates to me: “{ $what }”. It keeps what people write and tap for a day and tries again; until then I hear nothing. I still send campaigns. Check PUBLIC_URL where I am installed, and the proxy and the certificate behind it.
trouble-webhook-failing-over = ✅ Telegram reaches me again; it could not from { $from } to { $to }. What people wrote and tapped meanwhile arrives now.
trouble-backlog = ⚠️ What people write and tap waits more than a minute for me{ $waiting ->
    [one] {""}: one update waits
   *[other] {""}: { $waiting } updates wait
 }. Nothing is lost. Look at my log and the database: one of us is too slow.
trouble-backlog-over = ✅ I have caught up with what people write and tap; it waited from { $from } to { $to }.
trouble-unauthorized-over = ✅ Telegram accepts my token again; it refused it from { $from } on. Campaigns that were running then are paused: see /campaigns.
trouble-database = ⚠️ { $disk ->
    [full] The disk that my data lies on has been full since { $from }. Until there is room I send nothing and can hardly answer; then I go on by myself.
   *[other] My database has not answered since { $from }. Until it does I send nothing and can hardly answer.
 } Please do not restart me: what Telegram has accepted is in my memory, and I will write it down.
trouble-database-over = ✅ { $disk ->
    [full] The disk that my data lies on has room again; it was full from { $from } to { $to }.
   *[other] My database answers again; it was away from { $from } to { $to }.
 } Sending goes on.
trouble-proxy-over = ✅ I could not reach Telegram from { $from } to { $to }, because the proxy at { $proxy } failed. Sending goes on.
trouble-telegram-over = ✅ I could not reach Telegram from { $from } to { $to }. Sending goes on.
database-went-back = ⚠️ My database went back to an older state: what was written from { $from } on was missing. That happens when it fails over to a standby that was behind, or when a backup is restored. I remembered who has which post and wrote it down again, so nobody gets one twice.{ $gone ->
    [0] {""}
    [one] {" "}One campaign that I was sending is missing altogether.
   *[other] {" "}{ $gone } campaigns that I was sending are missing altogether.
 } Campaigns that were stopped while they were being sent are paused. Anything else done since then may be undone: new or changed campaigns, cancelled schedules, imports, votes, /stop. Please look through /campaigns.
trouble-backup = ⚠️ I cannot make the daily backup: { $why ->
    [room] it needs about { $needed }, and { $free } are free on the disk
   *[other] { $what }
 }. The older backups are still there. I try again every hour.
trouble-backup-over = ✅ Daily backups work again; they failed from { $from } to { $to }.
trouble-welcome = ⚠️ Telegram refuses the welcome { $source ->
    [none] for everyone
   *[other] for people from { $source }
 }: “{ $what }”. People get my own words until you change it: /welcome
trouble-stars = ⚠️ Telegram says that this bot has too few Stars. Campaigns continue at the free rate, { $rate ->
    [one] { $rate } message
   *[other] { $rate } messages
} a second. After a top-up, Pause and Resume bring the paid rate back.
trouble-sender-conflict = ⚠️ Another program asks Telegram for the updates of @{ $bot } with the same token. Its campaigns are sent all the same, but I miss some of what its people write and tap. If that program is to answer them, open the bot in /bots and tap “Beside another program”. If not, stop it.
trouble-sender-conflict-over = ✅ The other program that took the updates of @{ $bot } is gone ({ $from } to { $to }). I hear its people again.
trouble-sender-webhook = ⚠️ A webhook is set for @{ $bot }: Telegram hands what its people write and tap to { $host }, and I hear nothing. Its campaigns are sent all the same. If that program is to answer them, open the bot in /bots and tap “Beside another program”. If not, remove the webhook.
trouble-sender-webhook-over = ✅ The webhook of @{ $bot } at { $host } is gone (set { $from } to { $to }). I hear its people again.
trouble-sender-webhook-failing = ⚠️ Telegram cannot post the updates of @{ $bot } to me: “{ $what }”. It keeps what its people write and tap for a day and tries again; until then I hear nothing of them. Its campaigns are sent all the same. Check PUBLIC_URL where I am installed, and the proxy and the certificate behind it.
trouble-sender-webhook-failing-over = ✅ Telegram reaches me again with the updates of @{ $bot }; it could not from { $from } to { $to }.
trouble-sender-backlog = ⚠️ What people of @{ $bot } write and tap waits more than a minute for me{ $waiting ->
    [one] {""}: one update waits
   *[other] {""}: { $waiting } updates wait
 }. Nothing is lost. Look at my log and the database: one of us is too slow.
trouble-sender-backlog-over = ✅ I have caught up with what people of @{ $bot } write and tap; it waited from { $from } to { $to }.
trouble-sender-unauthorized = ⚠️ Telegram refuses the token of @{ $bot }. Its campaigns wait, and nobody is left out. Open the bot in /bots and give it a new token: campaigns that have waited for less than an hour then go on by themselves.
trouble-sender-unauthorized-over = ✅ Telegram accepts the token of @{ $bot } again; it refused it from { $from } on. Campaigns that were paused more than an hour ago wait for Resume: see /campaigns.
trouble-sender-welcome = ⚠️ Telegram refuses the welcome of @{ $bot } { $source ->
    [none] for everyone
   *[other] for people from { $source }
 }: “{ $what }”. People get my own words until you change it: /welcome @{ $bot }
trouble-sender-stars = ⚠️ Telegram says that @{ $bot } has too few Stars. Its campaigns continue at the free rate, { $rate ->
    [one] { $rate } message
   *[other] { $rate } messages
 } a second. After a top-up, Pause and Resume bring the paid rate back.
trouble-sender-unreadable = ⚠️ I cannot read some campaigns of @{ $bot }, so they are not sent; its others are. { $what }
trouble-sender-unreadable-over = ✅ I can read all campaigns of @{ $bot } again; some were not sent from { $from } to { $to }.
trouble-sender-stars-over = ✅ @{ $bot } has enough Stars again; it had too few from { $from } to { $to }.
trouble-unreadable = ⚠️ I cannot read some campaigns, so they are not sent; the others are. { $what }
trouble-unreadable-over = ✅ I can read all campaigns again; some were not sent from { $from } to { $to }.
trouble-stars-over = ✅ There are enough Stars again; there were too few from { $from } to { $to }. Campaigns go at the paid rate.
trouble-inbox = ⚠️ What people write does not reach the group “{ $group }”: “{ $what }”. It waits. Add the bot to the group again or give it its rights there back, or choose another group: /inbox
trouble-inbox-over = ✅ What people write reaches the group “{ $group }” again; it waited from { $from } to { $to }.
trouble-sender-inbox = ⚠️ What people write to @{ $bot } does not reach the group “{ $group }”: “{ $what }”. It waits. Add the bot to the group again or give it its rights there back, or choose another group: /inbox @{ $bot }
trouble-sender-inbox-over = ✅ What people write to @{ $bot } reaches the group “{ $group }” again; it waited from { $from } to { $to }.

# Events that are told in separate messages

told-restored = ⏸ Campaign #{ $id } is on hold, because Herald’s data was restored from a backup.
told-began = ▶️ Campaign #{ $id } has begun.
told-ended = Campaign #{ $id } · finished: { $sent } of { $total } reached in { $duration }
told-scheduled = 🗓 { $name } has scheduled campaign #{ $id } for { $time }.
told-sent = ▶️ { $name } has sent out campaign #{ $id }.
told-paused = ⏸ { $name } has paused campaign #{ $id }.
told-resumed = ▶️ { $name } has resumed campaign #{ $id }.
told-changed = ✏️ { $name } has edited campaign #{ $id }.
told-cancelled = 🛑 { $name } has cancelled campaign #{ $id }: { $sent } of { $total } were reached.
told-cancelled-before = 🛑 { $name } has cancelled campaign #{ $id } before it began.
told-retried = 🔁 { $name } is sending campaign #{ $id } again to those it did not reach.
told-series-over = Its series is over: there is no next run.
told-group-lost = ⚠️ I can no longer write to the group { $group }, where campaigns are reported, so it did not hear of #{ $id }. From now on I tell only the author of each campaign. To choose again: /settings → “Tell…”.

# /settings → Tell…: who is told about campaigns

settings-categories = Categories…
settings-cap = Frequency cap…
settings-tell = Tell…
settings-welcome = Welcome…
settings-newcomers = Newcomers…
tell-to-author = Messages about a campaign: to its author
tell-to-admins = Messages about a campaign: to its author and all admins
tell-to-group = Messages about a campaign: to its author and the group { $group }
tell-ask = The author is told when a campaign begins by itself, when it ends, and when other admins pause, edit or cancel it. All admins, or a group, can be told of the beginning and the end, too. If you have just sent it and its card is in front of you, you get no extra message.
tell-nobody = Author only
tell-admins = All admins
tell-group = A group…
tell-began = Begins by itself
tell-ended = Ends
tell-deeds = What other admins do
tell-silent = Without a sound
tell-group-ask = Which group should hear of campaigns? Choose one that I am in, or write /here in it under your own name. /cancel to quit.
tell-group-none = I am not in such a group, or may not write there. Add me to it first, then choose it again. /cancel to quit.
tell-here = I will report campaigns here from now on.

# Categories of campaigns, and what people get

categories-are = Categories: { $names }
categories-none = Categories: none
categories-ask =
    A category is a kind of campaign, such as news or offers. People can leave one and keep the others: with /settings, or by a button under its posts. You choose it in the composer: “Options…”, “Category…”.
categories-new = Add a category…
category-title = Category “{ $name }” · { $id } in the API
category-named = { $language }: { $name }
category-leaveButton = Button to leave
category-note-leaveButton = Button to leave: under each post, people see “Fewer such messages…”, and can leave this category or everything. Albums without a message below, forwarded posts, and bots beside another program have no such button.
category-uncapped = No frequency cap
category-note-uncapped = No frequency cap: its campaigns go to people also when they have got as many as the cap allows.
category-rename = Rename…
category-remove = Remove…
category-ask-remove = Remove the category “{ $name }”? It can no longer be chosen. Campaigns that have it keep it, and still leave out the people who left it.
category-yes-remove = Yes, remove
category-name-new =
    What is the category called? People see the name in their /settings. At most { $most } characters.
    For people of other languages, add a line for each: ru: Новости
    /cancel to quit.
category-name-ask =
    Send me the new name, at most { $most } characters.
    For people of other languages, add a line for each: ru: Новости
    Names that you leave out are dropped. /cancel to quit.
category-ask = Which category is campaign #{ $id } in? Those who left it do not get it.
category-none = None
card-category = Category: { $name }
card-departed = Left by its button: { $count }
cap-is = Frequency cap: at most { $most ->
    [one] { $most } campaign
   *[other] { $most } campaigns
 } in { $days ->
    [one] { $days } day
   *[other] { $days } days
 } for each person
cap-is-zero = Frequency cap: 0. Nobody gets any campaign, except in categories without the cap.
cap-is-none = Frequency cap: none
cap-except = Without it: { $names }
cap-note = People who have received that many campaigns from a bot in that time are left out of its next one; the review says how many they are. What is still on its way does not count yet, nor do tests. A retry goes to everyone it is for. The welcome and steps for newcomers neither count nor wait.
cap-button = { $most } in { $days ->
    [one] { $days } day
   *[other] { $days } days
 }
cap-other = Other…
cap-none = No cap
cap-ask = How many campaigns in how many days? For example: 3 in 7. At most { $longest } days. 0 means that nobody gets any campaign, except in categories without the cap. “No cap” means as many as you send. /cancel to quit.
cap-unknown = I cannot read “{ $text }” as a cap. Type two numbers, such as 3 in 7: at most 3 campaigns in 7 days. 0 means none for anyone, “No cap” means any number. /cancel to quit.
cap-too-long = I keep who got what for { $longest } days, so a cap can look back no longer. Type fewer days. /cancel to quit.
leave-button = Fewer such messages…
leave-preview = This is a preview. People choose here whether to leave the category or everything.
leave-ask = You got this message as “{ $name }”. What should I no longer send you?
leave-category = No more “{ $name }”
leave-all = No more messages at all
subscription-in = You get messages from this bot.
subscription-none = You are not on this bot’s list, so it sends you nothing. /start puts you on it.
subscription-out = You get no messages from this bot.
subscription-categories = Tap what you do not want, or want again:
subscription-language = Language: { $language }
subscription-to-language = Language…
subscription-stop = No more messages
subscription-again = Get messages again
error-code-pattern-unfit = { $reason ->
    [no-places] Put at least one # where a letter or a digit is to be drawn, such as SPRING-######.
    [too-few-places] That pattern has too few different codes: use at least { $places } #, so that nobody can guess one.
    [too-long] A code has at most 64 characters.
    [count] How many? Choose a number from 1 to { $most }.
   *[odd] A pattern has letters, digits and # as well as . _ / + and -.
}
error-no-code-pool = Campaign #{ $id } was confirmed without codes. Make a new one, and add them under “Options…”.
error-codes-lacking = People who wait for #{ $id } would need a code with this post, and { $lacking ->
    [one] { $lacking } code is
   *[other] { $lacking } codes are
} missing. Add them under “Options…” → “Codes…”.
error-category-unknown = This category no longer exists. Choose another one.
error-category-name-unfit = I cannot take that. The first line is the name, 1 to { $most } characters; each further line names a language: ru: Новости
error-category-name-taken = There is a category “{ $name }” already. Type another name.
error-too-many-categories = There are { $count } categories, the most that there can be. Remove one first.

# Lists of people

lists-title = Lists of people. Tap one:
lists-none = There are no lists of people yet.
lists-how = A list holds people whom you pick: by a file, or by what they did with a campaign (/listof 12 👍). Typed: /lists 7 opens one, /lists 7 New name renames it, /lists 7 delete deletes it, and /lists Spring fair makes a new one.
lists-more = And { $count } more: open one with /lists and its number.
lists-entry = { $name } · { $count }
lists-entry-of = { $name } · { $count } · { $bot }
lists-new = New list…
lists-new-of = New list for { $bot }…
lists-one =
    List { $id }: { $name }
    { $count ->
        [0] Nobody is on it yet.
        [one] { $count } person
       *[other] { $count } people
    }
lists-made = Made by { $name }, { $time }
lists-fill = Add people…
lists-rename = Rename…
lists-delete = Delete…
lists-yes-delete = Yes, delete the list
lists-ask-delete = Delete the list “{ $name }” ({ $count })? The people stay.
lists-deleted = The list is deleted.
lists-ask-name = What is the list to be called? Up to 64 characters, no comma. Or /cancel.
lists-ask-people = Who is to be on it? Send a file (CSV or text) with ids, usernames or phone numbers with their country code, one a line, or write them here. Only people whom the bot knows can be on a list; I send you the others as a file. Or /cancel.
lists-empty-file = I see nobody there. Send a file with a person on each line, or write ids, usernames or phone numbers.
lists-file-too-large = Telegram does not give me files of more than 20 MB. Split it.
lists-file-unfetched = I could not fetch the file from Telegram. Send it again.
lists-file-unreadable = I cannot read this file. Send CSV or text with at most 200,000 lines.
lists-added =
    “{ $name }”: { $known ->
        [one] { $known } person is
       *[other] { $known } people are
    } known to the bot, { $added } of them new on the list.{ $missed ->
        [0] {""}
       *[other] { " " }{ $missed } not known.
    }
lists-missed =
    { $count ->
        [one] { $count } line that is not on the list
       *[other] { $count } lines that are not on the list
    }
lists-why-unknown = the bot does not know this person
lists-why-unreadable = neither an id, a username nor a phone number with its country code
lists-choose =
    Campaign #{ $id }: people on which lists? Tap lists on and off; people on any of them get it.
lists-choose-none =
    Campaign #{ $id }: this bot has no lists of people yet. /lists makes one.
lists-choose-more = There are { $count } more: type one in Filter…, such as list:"Spring fair".
lists-of-ask = Which people of #{ $id } should be on a list? The list is named after them, and another tap later adds who is new.
lists-of-more = There are more choices: /listof { $id } and the text of one.
lists-of-reached = Who got it
lists-of-answered = Who voted or answered
lists-of-how = Say which campaign and which of its people: /listof 12 reached, /listof 12 answered, or the text of a button or an option: /listof 12 👍; /listof 12 offers them as buttons. As a reply to the campaign’s card, leave out the number.
lists-of-done = People of #{ $id } put on “{ $name }”: { $added }.

# Saved segments

ask-bot = For which bot? Tap it, or type its @name. Or /cancel.
segments-title = Saved conditions. Tap one:
segments-none = No conditions are saved yet.
segments-how = Saved conditions are offered in the audience of a campaign, under Saved…, and in a line as saved:"Regulars". Campaigns take a copy. Typed: /segments Regulars shows them, and /segments Regulars = tag:vip seen:<30d saves new ones. With the number from the card, /segments 7 New name renames them, /segments 7 = tag:vip changes them, and /segments 7 delete deletes them.
segments-more = And { $count } more: open one with /segments and its name.
segments-entry-of = { $name } · { $bot }
segments-new = New…
segments-new-of = New for { $bot }…
segments-one = Saved conditions { $id }: { $name }
segments-saved = Saved by { $name }, { $time }
segments-copies = Campaigns take a copy: a change here changes none of them.
segments-fault = { $type ->
    [campaign-unknown] A campaign would be refused: there is no campaign #{ $number }, or it is a draft.
    [campaign-elsewhere] A campaign would be refused: another bot sent #{ $number }.
    [campaign-chats] A campaign would be refused: #{ $number } went to groups or channels.
    [campaign-old] A campaign would be refused: #{ $number } is so old that who got it is no longer known.
    [campaign-no-votes] A campaign would be refused: #{ $number } has no buttons to vote with.
    [campaign-no-poll] A campaign would be refused: #{ $number } is not a poll.
    [campaign-anonymous] A campaign would be refused: the poll #{ $number } is anonymous.
   *[list-unknown] A campaign would be refused: there is no list { $name }.
 }
segments-change = Change…
segments-rename = Rename…
segments-delete = Delete…
segments-yes-delete = Yes, delete
segments-ask-delete = Delete the saved conditions “{ $name }”? Campaigns that were made with them keep their copies.
segments-deleted = Deleted.
segments-ask-name = What should they be called? Up to 64 characters, no comma. Or /cancel.
segments-ask-line = Type the conditions in one line, such as tag:vip -tag:refunded seen:<30d got:12. Or /cancel.

button-edit-sent = Edit sent…
button-edit-everywhere = Edit { $count } sent…
button-yes-edit-sent = Yes, edit { $count }
button-pause-edit = Pause edit
button-resume-edit = Resume edit
button-stop-edit = Stop edit
done-edit-paused = Edit paused
done-edit-resumed = Edit goes on
done-edit-stopped = Edit stopped
change-note-sent = { $count ->
    [one] One person already has
   *[other] { $count } already have
 } the post. Nothing changes for them until you tap Edit.
ask-edit-sent = Replace the post of campaign #{ $id } for the { $count } who already have it?
    { $left ->
        [0] {""}
       *[other] { $left } who have not got it yet get the new one.
    }
    The newest messages are edited first, in about { $duration }, and nobody is notified. Those who deleted the post do not get it again.
edit-obstacle = What was sent cannot be edited: { $why }
edit-obstacle-forwarded = it was forwarded, and a bot cannot edit somebody else’s words. Delete it or send a correction instead.
edit-obstacle-kind-fixed = Telegram does not let bots edit this kind of post. Delete it or send a correction instead.
edit-obstacle-kind-changed = a text stays a text, and a file stays a file. An album keeps its kind of files. Send a correction instead.
edit-obstacle-parts = an album keeps its number of parts.
edit-obstacle-below = the message below it cannot be added or taken away.
error-not-editable = What was sent cannot be edited: { $why }
error-no-edit = There is no edit under way for which this is possible.
card-edit-running = Editing what was sent
card-edit-paused = Edit of what was sent: paused
card-edit-stopped = Edit of what was sent: stopped
card-edit-finished = Edited
card-edit-have = { $count ->
    [one] { $count } has
   *[other] { $count } have
 } the new post
card-edit-gone = { $count } no longer have it
card-edit-refused = { $count } could not be edited
card-edit-speed = { $rate ->
    [one] { $rate } a second
   *[other] { $rate } a second
 } · done in { $duration }
card-edit-why-content = Telegram refuses the new post: { $detail }
card-edit-why-unauthorized = Telegram refuses the token: { $detail }
card-edit-why-restored = The database was restored from a backup. Resume goes on with those who have an older post.

# Links

links-title = Where the people of { $bot } came from:
links-none = Nobody has come to { $bot } by a link of yours yet.
links-source = { $source }: { $people }, { $reachable } can be reached · { $week } in 7 days · { $month } in 30 days
links-more = And { $count } more: the CSV has them.
links-how = A link opens the bot’s chat, and remembers by its name who presses Start for the first time. Typed: /links promo_vk0 gives the link and its QR code. In a filter, source:promo_vk0 means these people.
links-new = New link…
links-csv = All (CSV)
links-ask = What is the link to be called? Up to 64 Latin letters, digits, _ and -, such as promo_vk0. Or /cancel.
links-unfit = Telegram takes up to 64 Latin letters, digits, _ and - here. Type another name, such as promo_vk0.
links-unfit-but = Telegram takes up to 64 Latin letters, digits, _ and - here, and “herald” is taken. Try: { $source }
links-no-username = I don’t know the @username of this bot yet. Telegram tells me once it runs: see /bots.
links-new-source = { $source }: nobody yet
links-caption = Sources: { $count }
links-caption-most = The { $count } sources with the most people

# The inbox: what people write

settings-inbox = Inbox…
inbox-title = What people write { $bot ->
    [none] to the bot
   *[other] to { $bot }
}, when it is neither a command nor a tap
inbox-which-bot = Whose inbox?
inbox-no-bots = Herald answers none of these bots, so another program gets what people write to them. Only bots that Herald answers have an inbox.
inbox-is-off = Nothing happens to it: nobody sees it, and nobody is answered.
inbox-is-answer = Everyone who writes gets this answer, once a day at most:

    { $text }
inbox-is-topics = It goes to the group “{ $group }”, where each person has a topic. What is written in the topic goes back to the person.
inbox-is-replies = It goes to the group “{ $group }”. A reply to a message there goes back to the person. If the group gets topics, choose it again, and each person has a topic of their own.
inbox-who-answers = Everyone in that group can read what people write and answer it in the name of the bot, and can tag and block people. They need not be admins here.
inbox-hint = It can go to a group, where your team answers, or everyone gets an answer that you write.
inbox-off = Off
inbox-answer = Answer…
inbox-group = Group…
inbox-answer-ask = Which text is to answer people? Each of them gets it once a day at most. Send it as they should see it, or /cancel.
inbox-answer-unfit = That is not a text. Send the text that is to answer people, or /cancel.
inbox-group-ask = Which group is to get what people write? Add the bot to it first, and turn on Topics in the group’s settings so that each person has a topic of their own; then the bot has to be an administrator who may manage topics. Pick the group, or send its @name or a link to a message in it. Everyone in the group can read and answer what people write.
inbox-group-none = I do not know such a group, or the bot cannot write there. Add the bot to the group, then send it again, or /cancel.
inbox-group-not-yours = Only an administrator of that group can choose it: everyone in it reads what people write.
inbox-group-no-topics = The group has topics, but the bot may not manage them. Make it an administrator with that right, then send the group again. To do without topics: /inbox group @name replies
inbox-typed =
    /inbox – what is set
    /inbox off – nothing happens to what people write
    /inbox answer Thank you! – everyone gets that answer, once a day at most
    /inbox group @name – it goes to that group; with “replies” at the end, without topics
    With several bots, name the bot first: /inbox @shop_bot off

inbox-too-many = That is a lot at once. I have passed on the first messages; wait a minute before you write the next ones.

inbox-card-language = Language: { $language }
inbox-card-joined = Joined: { $when }
inbox-card-tags = Tags: { $tags }
inbox-card-campaign = Last campaign: #{ $id }
inbox-card-blocked = 🚫 Blocked: what they write is not passed on.
inbox-card-closed = ✔️ Closed. A new message opens it again.
inbox-card-how-topics = What you write in this topic goes to them, in the name of the bot; 👌 says that it has arrived. Begin with // to write to your colleagues only.
inbox-card-how-replies = Reply to this message, or to one of theirs below, and it goes to them in the name of the bot; 👌 says that it has arrived. Begin with // to write to your colleagues only.
inbox-close = Close
inbox-reopen = Reopen
inbox-tag = Tag…
inbox-block = Block
inbox-unblock = Unblock
inbox-person = Person
inbox-again = Send it again
inbox-close-done = Closed
inbox-reopen-done = Open again
inbox-block-done = Blocked: what they write is no longer passed on. They still get campaigns.
inbox-unblock-done = What they write is passed on again.
inbox-again-done = It is on its way again.
inbox-gone = This button no longer applies.
inbox-tags = Tags: { $tags ->
    [none] none
   *[other] { $tags }
}
    Tap one to add or remove it, or type it: /tag vip, -old
inbox-tag-refused = These cannot be tags: { $tags }
inbox-command-unknown = That was not sent to them. Here I know /close, /reopen, /block, /unblock, /tag and /person.
inbox-person-source = Came from: { $source }
inbox-person-out = Gets no campaigns since { $when }
inbox-person-status = { $status ->
    [blocked] Has blocked the bot
    [deactivated] The account is gone
   *[other] Cannot be reached
}
inbox-person-campaign = #{ $id }: { $state ->
    [sent] reached
    [failed] failed
    [skipped] skipped
    [uncertain] uncertain
    [none] voted
   *[other] on its way
}{ $vote ->
    [none] {""}
   *[other] {" "}· { $vote }
}
inbox-person-more = Owners get all that is known of them in a file: /person { $id }
inbox-album-of = { $name } sends:
inbox-passed-over = { $count ->
    [one] { $count } more message of theirs is not passed on: they wrote too many at once.
   *[other] { $count } more messages of theirs are not passed on: they wrote too many at once.
}
inbox-in-uncertain = ⚠️ A message of theirs may be missing here: whether it arrived is not known. It is not sent again by itself.
inbox-in-refused = ⚠️ They sent something that Telegram does not let me pass on: “{ $what }”.
inbox-in-partly = ⚠️ Telegram left out parts of this album: { $what } arrived.
inbox-out-uncertain = ⚠️ Whether this reached them is not known. It is not sent again by itself.
inbox-out-blocked = ❌ This did not arrive: they have blocked the bot.
inbox-out-refused = ❌ This did not arrive: “{ $what }”.
inbox-out-partly = ⚠️ Telegram left out parts of this album: { $what } arrived.
