# Люди

start-person =
    Здравствуйте, { $name }! Вы в списке: новости этого бота будут приходить сюда.
    /stop – больше не присылать
    /language – на каком языке присылать
start-again = С возвращением, { $name }! Сообщения от бота снова будут приходить.
stop-done = Готово: сообщений от бота больше не будет. Вернуть их можно командой /start.
stop-already = Сообщения от бота вам и так не приходят. Вернуть их можно командой /start.
language-ask = Ваш язык – { $language }. На каком языке присылать сообщения?
language-set = Теперь ваш язык – { $language }.
language-unknown = «{ $text }» – такого языка я не знаю. Выберите ниже или напишите код, например /language de.
unknown-command =
    Такой команды я не знаю. Вот что я понимаю:
    /start – получать сообщения
    /stop – больше не присылать
    /language – сменить язык

unknown-command-admin =
    Такой команды я не знаю. Вот что я понимаю:
    /broadcast – отправить пост людям
    /campaigns – все рассылки; /campaign 12 покажет одну
    /pause 12, /resume 12, /cancel 12 – управление
    /status – состояние бота
    /admins – кто может отправлять (только для владельцев)
    /start, /stop, /language – для себя
outside-dialog = Чтобы отправить это людям, начните с /broadcast и пришлите ещё раз.

# Команды в меню чата

command-start = Получать сообщения от бота
command-stop = Больше не присылать
command-language = Сменить язык
command-broadcast = Отправить пост людям
command-campaigns = Все рассылки
command-pause = Приостановить рассылку: /pause 12
command-resume = Продолжить рассылку: /resume 12
command-cancel = Выйти из диалога или завершить рассылку: /cancel 12
command-campaign = Показать рассылку: /campaign 12
command-status = Состояние бота
command-admins = Кто может отправлять

# Админы

start-admin =
    Здравствуйте, { $name }! Вы админ этого бота и есть в списке получателей.
    /broadcast – отправить пост людям
    /campaigns – что отправлено, идёт или ждёт
admins-list =
    Владельцы (из настроек): { $owners }
    Админы: { $admins }
admins-none = пока никого
admins-add = Добавить админа
admins-remove = Убрать: { $name }
admins-ask =
    Кто будет админом? Подойдёт любой способ:
    · нажмите «Выбрать человека» внизу,
    · перешлите мне сообщение этого человека,
    · пришлите его Telegram ID (число).
    /cancel – выйти.
admins-choose = Выбрать человека
admins-hidden = Этот человек скрывает аккаунт при пересылке, и я не вижу, кто это. Выберите его кнопкой или пришлите его ID.
admins-not-an-id = Это не Telegram ID. Нужно целое число, например 123456789.
admins-added = { $name } теперь админ. Начать можно с /start и /broadcast.
admins-already = { $name } уже админ.
admins-removed = { $name } больше не админ.
admin-welcome = Теперь вы админ этого бота. /broadcast отправляет пост его подписчикам.

# Создание рассылки

post-ask =
    Пришлите пост ровно таким, каким его должны увидеть: текст, фото, видео, анимация, файл, музыка, голосовое, видеосообщение или стикер. У пересланного поста сохранятся кнопки-ссылки.
    /cancel – выйти.
post-replace = Пришлите новый пост. Он заменит прежний в рассылке № { $id }.
refused-album = Альбомы я пока отправлять не умею. Пришлите одно фото или видео.
refused-poll = Опросы я пока отправлять не умею. Пришлите текст или фото.
refused-unsupported = Такое сообщение отправить нельзя. Подойдут текст, фото, видео, анимация, файл, музыка, голосовое, видеосообщение и стикер.
refused-text-too-long = Текст длиннее допустимого на { $over ->
    [one] { $over } знак
    [few] { $over } знака
   *[many] { $over } знаков
 }: бот может отправить { $limit }. Сократите его и пришлите снова.
refused-caption-too-long = Подпись длиннее допустимой на { $over ->
    [one] { $over } знак
    [few] { $over } знака
   *[many] { $over } знаков
 }: под медиа бот может отправить { $limit }. Сократите её и пришлите снова.
left-out = { $count ->
    [one] { $count } кнопка не взята: ответить на неё
    [few] { $count } кнопки не взяты: ответить на них
   *[many] { $count } кнопок не взято: ответить на них
 } мог бы только бот, от которого этот пост.

audience-ask =
    Рассылка № { $id }: кому отправить? Отметьте языки и нажмите «Продолжить».
    Выбрано: { $people }
audience-all = Все языки
audience-others = Другие языки
audience-continue = Продолжить
audience-nobody = Никто не выбран, отправлять некому. Отметьте хотя бы один язык.
audience-empty = В списке бота ещё никого нет, отправлять некому. Люди подписываются командой /start; готовый список загружает «npm run recipients:import».
audience-done = Кому: { $audience } → { $people }
audience-typed = Нажимайте кнопки или пишите их названия.

people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
 }

review-title = Рассылка № { $id } · черновик
review-post = Пост: { $kind }{ $characters ->
    [0] {""}
    [one] , { $characters } знак
    [few] , { $characters } знака
   *[many] , { $characters } знаков
 }{ $buttons ->
    [0] {""}
    [one] , { $buttons } кнопка
    [few] , { $buttons } кнопки
   *[many] , { $buttons } кнопок
 }
review-to = Кому: { $audience } → { $people }{ $left ->
    [none] {""}
   *[some] { " " }(не получат: { $left })
 }
review-opted-out = отписавшихся { $count }
review-unreachable = недоступных { $count }
review-and = { $one }, { $other }
review-when = Когда: сейчас
review-takes = Займёт около { $duration } при { $rate ->
    [one] { $rate } сообщении
   *[other] { $rate } сообщениях
 } в секунду, закончится в { $time }
review-stars = Обойдётся не дороже { $stars ->
    [one] { $stars } звезды
   *[other] { $stars } звёзд
 } (0,1 за сообщение сверх бесплатных { $free } в секунду)
review-refused =
    ⚠️ Telegram не принимает этот пост: { $description }
    Измените его, прежде чем отправлять.
kind-text = текст
kind-photo = фото
kind-video = видео
kind-animation = анимация
kind-document = файл
kind-audio = музыка
kind-voice = голосовое
kind-video_note = видеосообщение
kind-sticker = стикер

button-send-now = Отправить сейчас
button-edit-post = Изменить пост
button-buttons = Кнопки…
button-audience = Кому…
button-test = Прислать мне
button-discard = Удалить черновик
button-back = Назад
button-remove-buttons = Убрать все
test-sent = Отправлено, смотрите ниже.
test-failed = Telegram не принял: { $description }
discarded = Черновик № { $id } удалён.

buttons-ask =
    Пришлите кнопки, каждый ряд с новой строки:
    Магазин - https://example.com
    Несколько в ряду разделяются знаком | :
    Новости - https://t.me/example | Помощь - example.com/help
buttons-now = Сейчас они такие:
buttons-removed = Кнопки убраны.
buttons-faults = Кнопки не приняты, ничего не изменилось. Исправьте, пожалуйста, и пришлите все заново:
button-fault-no-url = Строка { $line }: «{ $part }» не оканчивается адресом. Нужно так: Текст - https://example.com
button-fault-no-text = Строка { $line }: перед адресом { $part } нет текста. Нужно так: Текст - https://example.com
button-fault-bad-url = Строка { $line }: «{ $part }» – такой адрес Telegram не примет. Он принимает http, https и tg.
button-fault-text-too-long = Строка { $line }: «{ $part }» длиннее { $limit } знаков.
button-fault-row-too-long = Строка { $line }: больше { $limit } кнопок в ряд не помещается.
button-fault-too-many = Строка { $line }: больше { $limit } кнопок под сообщение не помещается.

confirm-ask = Отправить рассылку № { $id } сейчас? Это { $people }.
confirm-type = Отправить рассылку № { $id } сейчас? Это { $people }. Чтобы отправить, напишите число { $number }, или нажмите «Назад».
confirm-moved = Число получателей изменилось: было { $before }, стало { $after }. Подтвердите, пожалуйста, ещё раз.
confirm-changed = Черновик № { $id } изменился с тех пор, как вас спросили. Вот он в нынешнем виде; посмотрите и подтвердите ещё раз.
confirm-started = Рассылка № { $id } началась, но показать её карточку не удалось. Посмотреть: /campaign { $id }
confirm-wrong = «{ $text }» – это не { $number }. Ничего не отправлено. Напишите { $number }, чтобы отправить, или нажмите «Назад».
button-yes-send = Да, отправить: { $count }

dialog-left = Отменено. Черновики остаются в /campaigns.
dialog-none = Сейчас нет открытого диалога. Чтобы завершить рассылку, добавьте её номер: /cancel 12
dialog-lost = Herald тем временем обновили, и диалог закрыт. Черновик остался в /campaigns.
dialog-broken = Что-то пошло не так, и диалог закрыт. Черновик остался в /campaigns.

# Карточки

state-scheduled = начинается
state-running = идёт
state-paused = на паузе
state-finished = завершена
state-cancelled = остановлена
state-expired = просрочена
state-draft = черновик
card-title = Рассылка № { $id } · { $state }
card-share = { $share } %
card-sent = Отправлено { $count }
card-blocked = Заблокировали { $count }
card-failed = Не доставлено { $count }
card-skipped = Пропущено { $count }
card-uncertain = Неясно { $count }
card-left = Осталось { $count }
card-speed = { $rate ->
    [one] { $rate } сообщение
    [few] { $rate } сообщения
    [many] { $rate } сообщений
   *[other] { $rate } сообщения
 } в секунду · ещё { $duration } (до { $time })
card-starting = Начинаем…
card-freezing = Список получателей ещё собирается, всего станет больше.
card-quiet = Telegram просит подождать до { $time }
card-took = Получили { $sent } из { $total } ({ $share } %), заняло { $duration }
card-cancelled = Остановлена админом. Что отправлено, то отправлено; не написали { $left ->
    [one] { $left } человеку
   *[other] { $left } людям
 }.
card-why = Не получили:
card-reason = · { $reason }: { $count }
card-uncertain-note = «Неясно» – запрос ушёл, а ответа не было: пост мог дойти, а мог и нет. Сам бот им повторно не отправляет.
card-details-gone = Подробности доставки хранились { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
 }, остались только эти итоги.
notice-no-stars = ⚠️ Рассылка № { $id } идёт дальше на бесплатной скорости, { $rate ->
    [one] { $rate } сообщение
    [few] { $rate } сообщения
    [many] { $rate } сообщений
   *[other] { $rate } сообщения
 } в секунду: Telegram сообщает, что у бота не хватает звёзд. После пополнения «Пауза» и «Продолжить» вернут платную скорость.
notice-paused = ⚠️ Рассылка № { $id } на паузе.
paused-errors =
    Пауза поставлена автоматически: много неудач подряд или больше пятой части последних 500 отправок, так что дело вряд ли в получателях.
    Не доставлено: { $failed }{ $uncertain ->
    [0] {""}
   *[other] , неясно: { $uncertain }
 }. Последняя причина: { $description }
    Возможно, это не тот бот, не тот список или сбой в Telegram. «Продолжить» попробует неудачные ещё раз, и больше эта рассылка из-за неудач на паузу не встанет.
paused-content = Пауза поставлена автоматически: Telegram не принимает пост. Ответ: { $description }. Никто не отмечен недоступным. «Продолжить» попробует отправить его как есть; чтобы изменить пост, остановите эту рассылку и создайте её копию.
paused-unauthorized = Пауза поставлена автоматически: Telegram не принимает токен бота. Ответ: { $description }. Впишите в настройки действующий BOT_TOKEN, перезапустите Herald и нажмите «Продолжить».

reason-blocked = заблокировали бота
reason-deactivated = аккаунт удалён
reason-unreachable = бот не знает этот чат или человек его не запускал
reason-personal = не принимают такие сообщения
reason-chat-lost = бота убрали из чата
reason-no-rights = у бота нет права писать
reason-no-stars = не хватает звёзд
reason-unavailable = Telegram был недоступен, попытки исчерпаны
reason-uncertain = неясно
reason-content = Telegram не принимает для них этот пост
reason-skipped = вышли или заблокировали бота после начала
reason-other = другое

button-pause = Пауза
button-resume = Продолжить
button-cancel = Остановить
button-yes-cancel = Да, остановить
button-retry = Повторить неудачные
button-retry-uncertain = Повторить неясные
button-yes-retry = Да, отправить ещё раз
button-failures = Неудачи (CSV)
button-duplicate = Создать копию
ask-cancel = Остановить рассылку № { $id } насовсем? Ещё не написали { $left ->
    [one] { $left } человеку
   *[other] { $left } людям
 }.
ask-uncertain = Отправить рассылку № { $id } ещё раз тем, о ком неясно, получили ли они её ({ $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
 })? Кто-то может получить её дважды.
done-paused = Приостановлена
done-resumed = Продолжается
done-cancelled = Остановлена
done-retried = Пробуем ещё раз
done-duplicated = Создана копия: черновик № { $id }
failures-caption = Неудачи рассылки № { $id }: { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[many] { $count } строк
 }
failures-none = У рассылки № { $id } неудач нет.
number-missing = Добавьте номер рассылки: /{ $command } 12. Номера есть в /campaigns.

# Списки

campaigns-title = Рассылки · { $tab }
campaigns-empty = Здесь пусто. Новую начинает /broadcast.
tab-running = Идут
tab-scheduled = Запланированы
tab-drafts = Черновики
tab-done = Завершены
page-newer = ‹ Новее
page-older = Старше ›
list-outdated = Список устарел, вот новый.

# Состояние бота

status-title = Herald { $version } · Node { $node }
status-up = Работает { $duration }
status-embedded = База данных: встроенная, PostgreSQL { $version }
status-server = База данных: PostgreSQL { $version }
status-size = { $size } · отвечает за { $ms } мс
status-holder = Отправляет { $holder } с { $time }
status-no-lease = Отправка стоит{ $time ->
    [none] {""}
   *[other] { " " }с { $time }
 }: { $holder } ждёт, пока база данных вернёт право на отправку.
status-lease-lost = Право на отправку пропадало: { $from } – { $to }
status-rate = Скорость: { $rate }
status-rate-paid = Скорость: { $rate }, сверх { $free } – платно
status-rate-cut = Сейчас { $rate }: снижена после 429, понемногу растёт
status-no-stars = Сейчас { $rate }, бесплатная: не хватает звёзд
status-last-wait = Последний ответ 429: { $time }, пауза { $duration }
status-in-flight = Запросов в пути: { $count }
status-running = Идут:
status-paused = На паузе:
status-scheduled = Запланированы:
status-campaign = № { $id } · { $text }
status-left = осталось { $count }
status-speed = { $rate } в секунду
status-more = … и ещё { $count }, смотрите /campaigns
status-reachable = Людей, которым можно написать: { $count }
status-kept = Подробности доставки хранятся { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
 }
status-kept-for-ever = Подробности доставки хранятся всегда
messages-a-second = { $rate ->
    [one] { $rate } сообщение
    [few] { $rate } сообщения
    [many] { $rate } сообщений
   *[other] { $rate } сообщения
 } в секунду
why-admin = поставил админ
why-errors = слишком много неудач
why-content = Telegram не принимает пост
why-unauthorized = Telegram не принимает токен

# Промежутки времени

duration-seconds = { $count } с
duration-minutes = { $count } мин
duration-days = { $days } дн. { $hours } ч
duration-hours = { $hours } ч { $minutes } мин

# Ошибки

error-not-found = Рассылки № { $id } нет. Номера есть в /campaigns.
error-conflict = Сейчас это невозможно: рассылка № { $id } – { $state }. Посмотреть её: /campaign { $id }
error-changed = Черновик № { $id } тем временем изменили. Посмотрите ещё раз: /campaign { $id }
error-details-gone = Рассылка № { $id }: подробности доставки хранились { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
 }, остались только итоги: /campaign { $id }
error-nobody = В рассылке № { $id } повторять больше некому.
error-no-dialog = Эта карточка устарела. Рассылки есть в /campaigns.
error-not-admin = Это могут только админы бота.
error-internal = Что-то пошло не так. Прежде чем повторять, загляните в /campaigns; подробности в журнале.
