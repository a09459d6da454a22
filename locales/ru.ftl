# Люди

start-person =
    Здравствуйте{ $name ->
        [none] {""}
       *[other] , { $name }
     }! Вы подписаны: новости этого бота будут приходить сюда.
    /stop — больше не присылать
    /language — на каком языке присылать
start-again = С возвращением{ $name ->
    [none] {""}
   *[other] , { $name }
 }! Сообщения от бота снова будут приходить.
stop-done = Готово: сообщений от бота больше не будет. Вернуть их можно командой /start.
stop-already = Сообщения от бота вам и так не приходят. Вернуть их можно командой /start.
language-ask = Ваш язык: { $language }. На каком языке присылать сообщения?
language-set = Теперь ваш язык: { $language }.
language-unknown = «{ $text }» — такого языка я не знаю. Выберите ниже или напишите код, например /language de.
unknown-command = Такой команды я не знаю.
help =
    Вот что я умею:
    /start — получать сообщения
    /stop — больше не присылать
    /language — сменить язык

help-admin =
    Вот что я умею:
    /broadcast — отправить пост подписчикам; /schedule — в назначенное время
    /campaigns — все рассылки; /campaign 12 покажет одну, /campaigns скидки — поиск
    /results 12 — итоги опроса в рассылке (CSV)
    /calendar — что запланировано на неделю
    /pause 12, /resume 12, /cancel 12 — приостановить, продолжить, отменить
    /reschedule 12, /edit 12 — перенести или изменить запланированную
    /timezone — ваш часовой пояс
    /stats — статистика рассылок и подписчиков
    /status — состояние бота
    /settings — настройки новых рассылок
help-owner = /admins — кто может отправлять рассылки
help-keys =
    /keys — ключи HTTP API
    /webhooks — вебхуки: уведомления для программ
help-admin-self = /start, /stop, /language — ваша собственная подписка
sender-home = Рассылки готовят в чате с @{ $bot }: https://t.me/{ $bot }. Здесь я общаюсь с подписчиками и отправляю то, что вы подготовили там.
outside-dialog = Чтобы отправить это подписчикам, начните с /broadcast и пришлите ещё раз.

# Команды в меню чата

command-start = Получать сообщения от бота
command-stop = Больше не присылать
command-language = Сменить язык
command-help = Что я умею
command-broadcast = Отправить пост подписчикам
command-campaigns = Все рассылки
command-pause = Приостановить рассылку: /pause 12
command-resume = Продолжить рассылку: /resume 12
command-cancel = Выйти из диалога или отменить рассылку: /cancel 12
command-campaign = Показать рассылку: /campaign 12
command-calendar = Что запланировано на неделю
command-stats = Статистика рассылок и подписчиков
command-settings = Настройки новых рассылок
command-status = Состояние бота
command-admins = Кто может отправлять рассылки
command-keys = Ключи HTTP API
command-webhooks = Вебхуки: уведомления для программ

# Админы

start-admin =
    Здравствуйте{ $name ->
        [none] {""}
       *[other] , { $name }
     }! Вы админ этого бота и подписаны на его рассылки.
    /broadcast — отправить пост подписчикам
    /campaigns — что отправлено, идёт или ждёт
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
    /cancel — выйти.
admins-choose = Выбрать человека
admins-hidden = Этот человек скрывает аккаунт при пересылке, и я не вижу, кто это. Выберите его кнопкой или пришлите его ID.
admins-not-an-id = Это не Telegram ID. Нужно целое число, например 123456789.
admins-added = { $name } теперь админ. Начать можно с /start и /broadcast.
admins-already = { $name } уже админ.
admins-removed = { $name } больше не админ.
admin-welcome = Теперь вы админ этого бота. /broadcast отправляет пост его подписчикам.

# Ключи HTTP API

keys-off = HTTP API выключен. Чтобы включить его, задайте HTTP_PORT и перезапустите Herald.
keys-none = Ключей пока нет. Без ключа программа не может обращаться к HTTP API.
keys-title = Ключи HTTP API, каждый для своей программы:
keys-entry = { $name } · { $role } · { $prefix }…
keys-endless = бессрочный
keys-expires = действует до { $time }
keys-expired = истёк { $time }
keys-unused = ещё не использовался
keys-used = последний вызов { $time } с адреса { $address }
keys-role-read = чтение
keys-role-write = изменение
keys-role-send = отправка
keys-create = Создать ключ
keys-revoke = Отозвать: { $name }
keys-ask-role =
    Что разрешить программе?
    чтение (read) — читать всё, включая телефоны
    изменение (write) — ещё черновики, пробные посты и список людей: добавлять, менять, удалять
    отправка (send) — ещё планировать, запускать, приостанавливать и отменять рассылки, а также вебхуки
keys-ask-expiry = Ключ с ролью «{ $role }». Сколько он должен действовать?
keys-days = { $days ->
    [365] 1 год
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
 }
keys-no-end = Бессрочно
keys-other-date = Другая дата…
keys-ask-date = До какого числа действует ключ? Напишите дату, например 31 декабря. /cancel — выйти.
keys-date-unknown = «{ $text }» — не похоже на точную дату в будущем. Напишите, например, «31 декабря» или «через 90 дней».
keys-ask-name = Как называется программа? Под этим именем будет значиться ключ и всё, что с ним сделано. /cancel — выйти.
keys-name-unfit = В названии должно быть от 1 до { $most } символов.
keys-created =
    Ключ для программы { $name } ({ $role }, { $expiry }):

    { $key }

    Сохраните его сейчас: больше он не покажется. Через две минуты я удалю это сообщение.
keys-hide = Удалить сообщение
keys-ask-revoke = Отозвать ключ программы { $name }? Она сразу потеряет доступ, и вернуть ключ будет нельзя.
keys-yes-revoke = Да, отозвать
keys-revoked = Ключ программы { $name } отозван.

# Вебхуки

webhook-disabled-key-revoked = Вебхук { $host } выключен: ключ, которым он создан, отозван. Новые события туда не отправляются. /webhooks
webhook-disabled-key-expired = Вебхук { $host } выключен: истёк срок действия ключа, которым он создан. Новые события туда не отправляются. /webhooks
webhook-disabled-gone = Вебхук { $host } выключен: его адрес ответил 410 (больше не существует). Новые события туда не отправляются. /webhooks
webhook-disabled-failing = Вебхук { $host } выключен: за последние 24 часа ни одно событие не удалось доставить. Новые события туда не отправляются. /webhooks
webhooks-title = Вебхуки:
webhooks-none = Вебхуков нет. Их создают программы: POST /v1/webhooks.
webhooks-by = создан программой { $name }
webhooks-last = последний ответ: { $answer }, { $time }
webhooks-untold = ещё ничего не отправлялось
webhooks-answer = { $status }
webhooks-fault-timeout = не получен за 15 с
webhooks-fault-unknown-host = не получен: хост не найден
webhooks-fault-private-address = не получен: адрес во внутренней сети
webhooks-fault-tls = не получен: сертификат недействителен
webhooks-fault-no-connection = не получен: соединение не установлено
webhooks-failing = ошибки с { $time }
webhooks-off-turned-off = выключен
webhooks-off-key-revoked = выключен, потому что отозван его ключ
webhooks-off-key-expired = выключен, потому что истёк срок его ключа
webhooks-off-gone = выключен: его адрес ответил 410 (больше не существует)
webhooks-off-failing = выключен: сутки не удавалось ничего доставить
webhooks-failed = { $count ->
    [one] не доставлено { $count } событие
    [few] не доставлено { $count } события
   *[many] не доставлено { $count } событий
 }
webhooks-resend = { $count ->
    [one] Отправить снова { $count } событие
    [few] Отправить снова { $count } события
   *[many] Отправить снова { $count } событий
 }
webhooks-disable = Выключить
webhooks-enable = Включить
webhooks-delete = Удалить
webhooks-ask-delete = Удалить вебхук { $host }? Всё, что ещё не доставлено, пропадёт.
webhooks-yes-delete = Да, удалить
webhooks-enabled = Включён
webhooks-disabled = Выключен
webhooks-deleted = Удалён
webhooks-resent = { $count ->
    [0] Отправлять нечего
    [one] { $count } событие отправляется
    [few] { $count } события отправляются
   *[many] { $count } событий отправляется
 }

# Создание рассылки

post-ask =
    Пришлите пост ровно таким, каким его увидят получатели: текст, фото, альбом, файл, опрос или любое другое сообщение. У пересланного поста сохранятся кнопки-ссылки.
    /cancel — выйти.
post-then-time = Затем я спрошу, кому и когда его отправить.
post-replace = Пришлите новый пост. Он заменит прежний.
post-replace-default = Пришлите новую основную версию. Она заменит прежнюю, остальные версии останутся.
post-version = Пришлите версию «{ $language }» ровно такой, какой её увидят получатели.
refused-album = Одним альбомом Telegram это не примет: вместе идут до 10 фото и видео, или до 10 файлов, или до 10 треков. Пришлите отдельными альбомами.
refused-service = Это служебное сообщение Telegram, а не пост. Пришлите своё сообщение.
refused-paid-media = Платные медиа боты пересылать не могут. Пришлите само фото или видео.
refused-giveaway = Розыгрыш привязан к своему каналу, разослать его нельзя. Пришлите текст со ссылкой на него.
refused-invoice = Счёт привязан к боту, который его выставил. Пришлите текст с кнопкой-ссылкой на него.
refused-game = Игра привязана к боту, который её создал. Пришлите текст с кнопкой-ссылкой на неё.
refused-story = Истории боты пересылать не могут. Пришлите само фото или видео либо текст со ссылкой на историю.
refused-quiz-answer-unknown = Мне не видно, какой ответ в этой викторине верный. Создайте викторину заново прямо в этом чате, а не пересылайте.
refused-protected = Это сообщение защищено от копирования. Пришлите другое, без защиты.
refused-unsupported = В этом сообщении мне ничего не видно: ботам Telegram его не показывает. Пришлите другое.
refused-text-too-long = Текст длиннее допустимого на { $over ->
    [one] { $over } знак
    [few] { $over } знака
   *[many] { $over } знаков
 }: бот может отправить не больше { $limit }. Сократите его и пришлите снова.
refused-caption-too-long = Подпись длиннее допустимой на { $over ->
    [one] { $over } знак
    [few] { $over } знака
   *[many] { $over } знаков
 }: под медиа бот может отправить не больше { $limit }. Сократите её и пришлите снова.
refused-but = Или отправлю его двумя сообщениями:
button-split = Разделить на два сообщения
button-text-under-photo = Текст под фото
button-text-below = Текст отдельным сообщением
offer-gone = Этот пост уже принят или вместо него пришёл другой. Если он пропал, пришлите его ещё раз.
note-live-location = Трансляция геопозиции будет отправлена как обычная геопозиция: двигаться она не будет.
note-close-date = Этот опрос закрывается в назначенное время; отправлен он будет без срока.
note-closed-poll = Этот опрос завершён; в копии можно будет голосовать.
album-parts = Альбом: { $count ->
    [one] { $count } вложение
    [few] { $count } вложения
   *[many] { $count } вложений
 }. Если придут ещё, я их добавлю.
album-has = Теперь в альбоме { $count ->
    [one] { $count } вложение
    [few] { $count } вложения
   *[many] { $count } вложений
 }.
album-cannot-join = Пришло ещё одно вложение альбома, но добавить его нельзя: в альбоме может быть до 10 вложений, которые Telegram ставит вместе, а подпись — не длиннее 1024 знаков. Альбом остался прежним.
album-of-draft-has = Пришло ещё одно вложение: теперь в альбоме черновика № { $id } { $count ->
    [one] { $count } вложение
    [few] { $count } вложения
   *[many] { $count } вложений
 }. Открыть его: /campaign { $id }
album-too-late = Это вложение опоздало: рассылка № { $id } идёт или уже прошла без него. Не отправляйте альбом заново, иначе он придёт всем дважды. Как идёт рассылка: /campaign { $id }
album-not-waiting = Это ещё одно вложение альбома, который больше не нужен. Я его не принял.
album-refused-part = Это ещё одно вложение альбома, который не удалось принять. Пришлите весь альбом заново.
post-name = { $kind }{ $opening ->
    [none] {""}
   *[other] { " " }«{ $opening }»
 }
together-forward = Вы прислали комментарий и пересланное сообщение. Постом стало пересланное: { $post }.
together-first = Пришли сразу два сообщения. Постом стало первое: { $post }.
together-now = Теперь пост такой: { $post }.
button-take-other = Взять другое: { $post }
edit-taken = Правка внесена в черновик.
edit-taken-draft = Правка внесена в черновик № { $id }. Открыть его: /campaign { $draft }
edit-refused = Такую правку отправить нельзя, пост в черновике № { $id } остался прежним. { $reason }
edit-refused-campaign = Такую правку отправить нельзя, пост рассылки № { $id } остался прежним. { $reason }
edit-live = Рассылка № { $id } передаёт это сообщение как есть: кто получит его с этого момента, увидит правку.
edit-offer-scheduled = Правка пока не учтена: рассылка № { $id } уйдёт такой, какой вы её подтвердили. Внести правку?
edit-offer-paused = Правка пока не учтена: рассылка № { $id } на паузе, пост в ней прежний. Внести правку для тех, кто его ещё не получил?
edit-offer-running = Правка не учтена: рассылка № { $id } идёт такой, какой вы её подтвердили. Её можно поставить на паузу и внести правку для тех, кто пост ещё не получил; отправленные сообщения не изменятся.
edit-offer-over = Правка не учтена: рассылка № { $id } закончилась, отправленные сообщения не изменятся. Исправленный пост можно отправить новой рассылкой.
edit-gone = Этой правки у меня больше нет: сообщение удалено или пост заменён другим. Пришлите пост ещё раз через «Изменить».
button-take-edit = Внести правку…
button-pause-take-edit = Поставить на паузу и внести правку…
button-edit-anew = Новый черновик с правкой…
left-out = { $count ->
    [one] { $count } кнопка не перенесена
    [few] { $count } кнопки не перенесены
   *[many] { $count } кнопок не перенесено
 }: на нажатие мог бы ответить только бот, который отправил этот пост.

audience-ask =
    Рассылка № { $id }: кому отправить? Отметьте языки и нажмите «Продолжить».
    Выбрано: { $people }
audience-all = Все языки
audience-others = Другие языки
audience-continue = Продолжить
audience-nobody = Никто не выбран, отправлять некому. Отметьте хотя бы один язык.
audience-empty = У бота ещё нет подписчиков, отправлять некому. Подписаться можно командой /start; готовый список загружает «npm run recipients:import».
audience-done = Кому: { $audience } → { $people }
audience-typed = Нажимайте на кнопки или пишите их названия.

people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
 }

review-title = Рассылка № { $id } · черновик
review-post = Пост: { $post }
post-summary = { $kind }{ $characters ->
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
review-opted-out = { $count ->
    [one] { $count } отписавшийся
   *[other] { $count } отписавшихся
 }
review-unreachable = { $count ->
    [one] { $count } недоступный
   *[other] { $count } недоступных
 }
review-and = { $one }, { $other }
review-takes = Займёт около { $duration } при { $rate ->
    [one] { $rate } сообщении
   *[other] { $rate } сообщениях
 } в секунду, окончание: { $time }
review-stars = Обойдётся не дороже { $stars ->
    [one] { $stars } звезды
   *[other] { $stars } звёзд
 } (0,1 за сообщение сверх бесплатных { $free } в секунду)
review-refused = ⚠️ Telegram не принимает этот пост: { $description }. Измените его, прежде чем отправлять.
review-versions = Версии: { $versions }; основную { $rest ->
    [none] не получит никто
   *[some] получат: { $rest }
 }
review-versions-chats = Версии: { $versions }. В чаты уходит основная.
review-personal = Подстановки: { $names }
review-parts = ⚠️ Из { $asked } исходных сообщений осталось { $arrived }. Пришлите пост ещё раз через «Изменить пост».
review-file-too-large = ⚠️ Файл слишком большой, чтобы передать его боту, который отправит пост: { $file }. Telegram отдаёт ботам файлы не больше 20 МБ. Пришлите файл поменьше, загрузите его через API (до 50 МБ) или запустите собственный сервер Bot API.
review-file-not-fetched = ⚠️ Не удалось получить файл поста из Telegram: { $file } ({ $detail }). Ничего не потеряно: нажмите «Попробовать снова».
review-file-not-uploaded = ⚠️ Бот, который отправит пост, не смог загрузить файл: { $file } ({ $detail }). Ничего не потеряно: нажмите «Попробовать снова».
review-file-busy = ⚠️ Файл поста ещё не загружен: { $file }. Telegram просит подождать { $detail } с; после этого нажмите «Попробовать снова».
review-file-other-kind = ⚠️ Когда файл загружает другой бот, Telegram делает из него нечто иное: { $file } ({ $detail }). Отправьте его как файл.
review-shown-by = От: { $bot } — предпросмотр у него в чате
review-start-bot = ⚠️ Пост отправит { $bot }, но показать его вам он пока не может. Откройте { $link }, нажмите «Запустить», а затем здесь «Попробовать снова».
review-custom-emoji = Пользовательские эмодзи: этому боту они недоступны; вместо них будут обычные ({ $count })
review-icons = Пользовательские эмодзи на кнопках: этому боту они недоступны и не появятся ({ $count })
check-personal-too-long = С самыми длинными именами этот текст длиннее { $limit } знаков: лишних { $over }. Сократите его.
check-personal-empty = Для получателей без имени текст окажется пустым. Добавьте слова или замену, например {"{first_name|друг}"}.
check-app-button = Кнопки с мини-приложением работают только в личных чатах. Уберите их в «Кнопки…» или измените аудиторию.
check-inline-button = Кнопки «поделиться:» и «здесь:» в каналах не работают. Уберите их в «Кнопки…» или измените аудиторию.
check-open-poll = В каналы можно отправлять только анонимные опросы. Пришлите анонимный или уберите каналы.
check-channel-poll = Опросы только для участников или для некоторых стран Telegram принимает лишь в каналах. Пришлите опрос без таких ограничений или включите пересылку в «Параметры…».
check-album-buttons = У альбомов не бывает кнопок. Добавьте для них текст под альбомом в «Кнопки…» или уберите их.
check-mail-link = Ссылка ведёт на адрес почты { $email }. Telegram сделает из неё ссылку на несуществующий сайт. Лучше написать адрес прямо в тексте: тогда на него можно нажать.
check-no-source = Неизвестно, какое сообщение копировать или пересылать. Пришлите пост ещё раз через «Изменить пост».
check-forward-elsewhere = Этот пост отправляет другой бот, а пересылать сообщения из этого чата он не может. Выключите пересылку в «Параметрах…» или отправьте пост от этого бота.
check-copy-elsewhere = Такой пост можно только скопировать из этого чата, а другому боту это недоступно. Отправьте его от этого бота или пришлите другой пост.
check-files-missing = { $count ->
    [one] { $count } файл поста ещё не загружен
    [few] { $count } файла поста ещё не загружены
   *[many] { $count } файлов поста ещё не загружено
 } ботом, который его отправит. Это делает предпросмотр: нажмите «Попробовать снова».
check-files-unknown = Пост создан прежней версией Herald, которая не запоминала файлы для других ботов. Пришлите его ещё раз через «Изменить пост».
check-mention-elsewhere = Упоминание человека без имени пользователя станет ссылкой, только если он знаком с ботом, который отправляет пост.
check-unknown-name = {"{"}{ $name }{"}"} так и останется в тексте: я знаю только first_name, last_name и username.
check-no-default = Если { $name ->
    [first_name] имени
    [last_name] фамилии
   *[other] имени пользователя
 } нет, на месте {"{"}{ $name }{"}"} будет пусто. Можно указать замену: {"{"}{ $name }|друг{"}"}
check-not-personal = {"{"}{ $name }{"}"} так и останется: имена подставляются только в тексты и подписи.
check-forward-drops = При пересылке не будет кнопок, текста под постом и подстановки имён.
check-forward-buttons = При пересылке у поста будут те кнопки, с которыми он пришёл.
check-forward-mute = Пересланный альбом придёт без эффекта.
check-source-must-stay = Не удаляйте исходное сообщение, пока рассылка не закончится.
check-effect-people-only = Эффект работает только в личных чатах.
check-own-poll = Каждый получатель увидит свой отдельный опрос, а голоса я сложу в карточке рассылки. Если включить «Переслать» в «Параметры…», опрос будет один на всех.
check-shared-poll = Опрос будет один на всех, результаты видны в нём самом. Мне Telegram о них не сообщает.
check-dice = У каждого получателя выпадет своё.
check-inline-mode = Кнопкам «поделиться:» и «здесь:» нужен инлайн-режим бота: включите его командой /setinline в @BotFather.
in-version = Версия «{ $version }». { $text }
kind-text = текст
kind-photo = фото
kind-live_photo = живое фото
kind-album = альбом из { $parts ->
    [one] { $parts } вложения
   *[other] { $parts } вложений
 }
kind-poll = опрос
kind-quiz = викторина
kind-location = геопозиция
kind-venue = место
kind-contact = контакт
kind-dice = кубик
kind-rich = статья
kind-copy = { $what ->
    [checklist] чек-лист
   *[other] сообщение ({ $what })
 }
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
button-versions = Версии…
button-add-version = Добавить версию: { $language }…
button-change-version = Изменить: { $language }…
button-remove-version = Убрать: { $language }
button-version-buttons = Кнопки: { $language }…
button-test = Прислать мне
button-try-again = Попробовать снова
button-test-others = Прислать другим…
testers-ask = Кому прислать рассылку № { $id } для проверки? Нажмите на каждого.
testers-none = Других админов нет. Владелец добавляет их командой /admins.
testers-all = Всем
tester-intro = Рассылка № { $id } для проверки (от: { $name }):
tester-sent = Отправлено: { $names }
tester-has-it = Уже отправлено: { $names }
tester-unreachable = Не могу написать: { $names }. Бот не запущен или заблокирован.
button-discard = Удалить черновик
button-discard-change = Отменить изменения
button-yes-discard = Да, удалить
button-yes-discard-change = Да, отменить
button-back = Назад
button-remove-buttons = Убрать все
test-sent = Отправлено, смотрите ниже.
ask-discard = Удалить черновик № { $id }? Пост и всё, что для него выбрано, пропадёт.
ask-discard-change = Отменить изменения рассылки № { $id }? Сама рассылка останется прежней.
discarded = Черновик № { $id } удалён.

versions-ask = Версии рассылки № { $id }. Каждый получит версию на своём языке, а если её нет — основную.
versions-line = { $version }: { $post }{ $people ->
    [none] {""}
   *[some] { " " }→ { $people }
 }
versions-note-typed = Для другого языка напишите его название или код, например de.
versions-note-chats = В группы и каналы уходит основная.
versions-unknown = Такого языка я не знаю. Нажмите кнопку или напишите название языка или код, например de.
versions-too-many = Кроме основной, у поста может быть не больше { $most } версий. Сначала уберите одну.
versions-others = другие
version-default = Основная
version-label = { $language }:
version-removed = Версия «{ $language }» убрана.

buttons-ask =
    Пришлите кнопки, каждый ряд с новой строки:
    Магазин - https://example.com
    Несколько в ряду разделяются знаком | :
    Новости - t.me/example | Помощь - example.com/help
    Что ещё умеют кнопки:
    Промокод - копировать: SALE20
    Заказать - приложение: https://example.com/app
    Рассказать друзьям - поделиться: скидки
    Найти здесь - здесь: скидки
    👍 | 👎
    ? Часы работы - Ежедневно с 9:00 до 21:00
    «копировать:» копирует текст, «приложение:» открывает мини-приложение (только в личных чатах), «поделиться:» и «здесь:» работают через инлайн-режим бота (но не в каналах). Эмодзи без текста — это голос; с «?» начинается кнопка, которая показывает текст.
    Цвета: (зелёная), (красная) или (синяя) перед текстом. Пользовательский эмодзи перед текстом станет значком. Знак | внутри текста пишется как \|.
buttons-which = Кнопки какой версии?
buttons-of = Версия: { $version }
buttons-inherited = У этой версии те же кнопки, что у основной. Если пришлёте другие, они заменят их здесь.
buttons-album = У альбома кнопок быть не может. Они будут под сообщением после него; его текст я спрошу следом.
buttons-below = У альбома кнопок быть не может. Они под сообщением после него.
buttons-now = Сейчас они такие:
buttons-removed = Кнопки убраны.
buttons-removed-below = Кнопки убраны. Сообщение под альбомом остаётся, если не убрать и его.
buttons-as-default = Те же кнопки, что у основной версии
button-as-default = Как у основной версии
button-below = Текст под альбомом…
button-remove-below = Убрать сообщение под альбомом
button-keep-below = Оставить
button-without-buttons = Без кнопок
below-ask = У альбома кнопок быть не может. Пришлите текст сообщения, которое пойдёт сразу после альбома; кнопки будут под ним.
below-replace = Пришлите новый текст сообщения под альбомом.
below-not-text = Сообщение под альбомом может быть только текстовым. Пришлите текст, пожалуйста.
buttons-faults = Кнопки не приняты, ничего не изменилось. Исправьте, пожалуйста, и пришлите все заново:
button-fault-no-url = Строка { $line }: «{ $part }» не оканчивается адресом. Нужно так: Текст - https://example.com
button-fault-no-text = Строка { $line }: перед адресом { $part } нет текста. Нужно так: Текст - https://example.com
button-fault-bad-url = Строка { $line }: адрес «{ $part }» Telegram не примет. Подходят http, https, tg, ton и tonsite.
button-fault-mail = Строка { $line }: «{ $part }» — адрес почты, а кнопки открывают только сайты. Укажите адрес в тексте поста или дайте его скопировать: Текст - копировать: { $part }
button-fault-text-too-long = Строка { $line }: «{ $part }» длиннее { $limit } знаков.
button-fault-no-copy = Строка { $line }: в «{ $part }» нечего копировать. Нужно так: Текст - копировать: SALE20
button-fault-no-answer = Строка { $line }: в «{ $part }» нет ответа. Нужно так: ? Текст - ответ
button-fault-bad-app = Строка { $line }: «{ $part }» — не адрес мини-приложения. Он начинается с https://
button-fault-url-too-long = Строка { $line }: адрес кнопки «{ $part }» длиннее { $limit } знаков.
button-fault-copy-too-long = Строка { $line }: текст, который копирует «{ $part }», длиннее { $limit } знаков.
button-fault-query-too-long = Строка { $line }: запрос кнопки «{ $part }» длиннее { $limit } знаков.
button-fault-answer-too-long = Строка { $line }: ответ кнопки «{ $part }» длиннее { $limit } знаков.
button-fault-same-vote = Строка { $line }: голос { $part } уже есть. У каждого голоса должен быть свой эмодзи.
button-fault-bad-vote = Строка { $line }: «{ $part }» — не одиночный эмодзи, а голос должен быть им.
button-fault-row-too-long = Строка { $line }: больше { $limit } кнопок в ряд не помещается.
button-fault-too-big = Строка { $line }: столько кнопок под сообщением Telegram не примет. Сократите тексты и адреса.
button-fault-too-many = Строка { $line }: больше { $limit } кнопок под сообщение не помещается.

confirm-ask = Отправить рассылку № { $id } сейчас? Это { $people }.
confirm-type = Отправить рассылку № { $id } сейчас? Это { $people }. Чтобы отправить, напишите число { $number }; чтобы вернуться, нажмите «Назад».
confirm-waits = Отправить рассылку № { $id }? Это { $people }.
confirm-waits-type = Отправить рассылку № { $id }? Это { $people }. Чтобы подтвердить, напишите число { $number }; чтобы вернуться, нажмите «Назад».
confirm-moved = Число получателей изменилось: было { $before }, стало { $after }. Подтвердите, пожалуйста, ещё раз.
confirm-changed = Черновик № { $id } изменился с тех пор, как вас спросили. Вот он в нынешнем виде; посмотрите и подтвердите ещё раз.
overdue-ask = Рассылка № { $id } должна была начаться { $due }, { $sent ->
    [unknown] и, возможно, ушла уже после создания резервной копии
   *[no] но не отправлена
 }. Отправить её сейчас? Это { $people }.
overdue-type = Рассылка № { $id } должна была начаться { $due }, { $sent ->
    [unknown] и, возможно, ушла уже после создания резервной копии
   *[no] но не отправлена
 }. Отправить её сейчас? Это { $people }. Чтобы отправить, напишите число { $number }, или нажмите кнопку.
overdue-nobody = Рассылка № { $id } должна была начаться { $due }, { $sent ->
    [unknown] и, возможно, ушла уже после создания резервной копии
   *[no] но не отправлена
 }. Сейчас её никто не получит.
overdue-wrong = «{ $text }» — это не { $number }. Ничего не отправлено. Чтобы отправить рассылку № { $id } сейчас, напишите { $number }, или нажмите кнопку.
overdue-changed = Рассылка № { $id } изменилась с тех пор, как вас спросили. Посмотрите её ещё раз.
confirm-started = Рассылка № { $id } началась, но показать её карточку не удалось. Посмотреть: /campaign { $id }
confirm-wrong = «{ $text }» — это не { $number }. Ничего не отправлено. Чтобы подтвердить, напишите { $number }; чтобы вернуться, нажмите «Назад».
button-yes-send = Да, отправить: { $count }
button-yes-schedule = Да, запланировать на { $time }

dialog-left = Отменено. Черновики остаются в /campaigns.
dialog-none = Сейчас нет открытого диалога. Чтобы отменить рассылку, добавьте её номер: /cancel 12
dialog-lost = Herald тем временем обновили, и диалог закрыт. Черновик остался в /campaigns.
dialog-broken = Что-то пошло не так, и диалог закрыт. Черновик остался в /campaigns.

# Карточки

state-scheduled = запланирована
state-running = идёт
state-paused = на паузе
state-finished = завершена
state-cancelled = отменена
state-expired = просрочена
state-draft = в черновиках
card-title = Рассылка № { $id } · { $state }
card-elsewhere = Рассылка № { $id }: карточка { $where ->
    [above] выше
   *[below] ниже
 }.
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
card-starting = Начинаю…
card-freezing = Список получателей ещё собирается, их станет больше.
card-quiet = Telegram просит подождать до { $time }
card-took = Получили { $sent } из { $total } ({ $share } %), заняло { $duration }
card-votes = Голоса: { $buttons }
card-taps = Нажатия: { $buttons }
card-poll = Проголосовали в опросе: { $count }
card-poll-option = { $bar } { $share } % · { $option } · { $count }
card-poll-right = Ответили верно: { $right } из { $judged }
card-poll-forward = Опрос один на всех: результаты видны в нём самом.
tap-count = { $button } { $count }
vote-counted = { $choice } — голос учтён
vote-moved = Теперь { $choice }
vote-taken-back = { $choice } — голос снят
vote-over = Голосование завершено
vote-preview = Это предпросмотр: голоса здесь не считаются.
post-button-gone = Эта кнопка больше не работает.
card-cancelled = { $left ->
    [0] К этому времени пост уже отправили всем.
    [one] Пост не отправляли { $left } человеку.
   *[other] Пост не отправляли { $left } людям.
}
card-why = Не получили:
card-reason = · { $reason }: { $count }
card-uncertain-note = «Неясно» — запрос, возможно, ушёл, но ответа не было: пост мог дойти, а мог и нет. Повторно им он отправляется, только если вы попросите.
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
    Поставлена на паузу автоматически: много ошибок подряд либо с ошибкой закончилось больше пятой части последних 500 отправок, так что дело вряд ли в получателях.
    Не доставлено: { $failed }{ $uncertain ->
    [0] {""}
   *[other] , неясно: { $uncertain }
 }. Последняя причина: { $description }
    Возможно, это не тот бот, не тот список или сбой в Telegram. «Продолжить» попробует неудачные ещё раз, и больше эта рассылка из-за ошибок на паузу не встанет.
paused-said = Ответ: { $description }
paused-version = { $language ->
    [none] Основная версия
   *[other] Версия «{ $language }»
 }: { $description }
paused-content = Поставлена на паузу автоматически: Telegram не принимает пост. { $description }. Никто не отмечен как недоступный. «Продолжить» попробует отправить его как есть; «Изменить» позволит поправить его для тех, кто ещё не получил.
paused-incomplete = Поставлена на паузу автоматически: из { $asked } вложений альбома удалось переслать только { $arrived }, потому что исходное сообщение удалено. «Продолжить» разошлёт остальным то, что есть; «Изменить» позволит поправить пост для тех, кто ещё не получил.
paused-unauthorized = Поставлена на паузу автоматически: Telegram не принимает токен бота. Ответ: { $description }. { $whose ->
    [sender] Дайте ему новый токен в /bots. В течение часа рассылка продолжится сама, позже нажмите «Продолжить».
   *[home] Впишите в настройки действующий BOT_TOKEN, перезапустите Herald и нажмите «Продолжить».
 }

reason-blocked = заблокировали бота
reason-deactivated = аккаунт удалён
reason-unreachable = бот не знает этот чат или человек его не запускал
reason-personal = не принимают такие сообщения
reason-chat-lost = бота убрали из чата
reason-no-rights = у бота нет права писать
reason-no-stars = не хватает звёзд
reason-unavailable = Telegram был недоступен, попытки исчерпаны
reason-uncertain = неясно, дошло ли
reason-content = Telegram не принимает для них этот пост
reason-skipped = пропущены (отписались или заблокировали бота после начала)
reason-other = другое

button-pause = Пауза
button-resume = Продолжить
button-cancel = Отменить
button-yes-cancel = Да, отменить
button-retry = Повторить неудачные
button-retry-uncertain = Неясно: повторить
button-yes-retry = Да, отправить ещё раз
button-failures = Не получили (CSV)
button-results = Итоги опроса (CSV)
button-show-post = Показать пост
show-post-refused = Сейчас Telegram не принимает этот пост: { $description }
show-post-parts = Из { $asked } исходных сообщений осталось { $arrived }.
show-post-lost = Показать этот пост нельзя: он был копией или пересылкой сообщения, которое мне больше не известно.
button-duplicate = Создать копию
ask-cancel = Отменить рассылку № { $id } насовсем? { $left ->
    [one] Её не получит { $left } человек
    [few] Её не получат { $left } человека
   *[many] Её не получат { $left } человек
 }.
ask-uncertain = Отправить рассылку № { $id } ещё раз тем, о ком неясно, получили ли они её ({ $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
 })? Кто-то может получить её дважды.
done-paused = Приостановлена
done-resumed = Продолжается
done-sending = Отправляю
done-cancelled = Отменена
done-retried = Пробую ещё раз
done-duplicated = Создана копия: черновик № { $id }
failures-caption = Кто не получил рассылку № { $id }: { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[many] { $count } строк
 }
results-caption = Опрос из рассылки № { $id }: проголосовали { $count }
results-none = В опросе из рассылки № { $id } ещё никто не голосовал.
failures-none = В рассылке № { $id } недоставленных нет.
number-missing = Добавьте номер рассылки: /{ $command } 12. Номера есть в /campaigns.

# Списки

campaigns-title = Рассылки · { $tab }
campaigns-empty = Здесь пусто. Создать рассылку: /broadcast
tab-running = Идут
tab-scheduled = Запланированы
tab-drafts = Черновики
tab-done = Прошедшие
page-newer = ‹ Новее
page-older = Старше ›
list-outdated = Список устарел, вот новый.

# Состояние бота

status-title = Herald { $version } · Node { $node }
status-zones = Данные о часовых поясах: IANA { $version }
status-proxy = Связь с Telegram идёт через прокси { $proxy }
status-up = Работает { $duration }
status-embedded = База данных: встроенная, PostgreSQL { $version }
status-pglite = База данных: PGlite (PostgreSQL { $version }): сам PostgreSQL здесь не запускается, причина в журнале
status-server = База данных: PostgreSQL { $version }
status-size = { $size } · отвечает за { $ms } мс
status-backup = Последняя резервная копия: { $time } · { $size }
status-no-backup = Резервной копии ещё нет
status-holder = Отправляет { $holder } с { $time }
status-no-lease = Отправка стоит{ $time ->
    [none] {""}
   *[other] { " " }с { $time }
 }: { $holder } ждёт, пока база данных вернёт право на отправку.
status-lease-lost = Право на отправку пропадало: с { $from } до { $to }
status-conflict = ⚠️ С { $time } обновления забирает и другая программа
status-webhook = ⚠️ С { $time } обновления уходят на { $host }
status-senders = { $count ->
    [one] Работает ещё { $count } бот
    [few] Работают ещё { $count } бота
    [many] Работают ещё { $count } ботов
   *[other] Работают ещё { $count } бота
 }
status-senders-more = … и ещё { $count }: /bots
status-sender = @{ $bot }: { $text }
status-sender-starting = запускается
status-sender-up = отправляет
status-sender-refused = ⚠️ Telegram не принимает его токен
status-sender-failing = ⚠️ сейчас не может отправлять, пробую снова
status-sender-conflict = ⚠️ обновления с его токеном забирает ещё одна программа
status-sender-webhook = ⚠️ его обновления уходят на вебхук
status-sender-stars = ⚠️ не хватает звёзд
status-rate = Скорость: { $rate }
status-rate-paid = Скорость: { $rate }, сверх { $free } — платно
status-rate-cut = Сейчас { $rate }: снижена после 429, понемногу растёт
status-no-stars = Сейчас { $rate }, бесплатная: не хватает звёзд
status-last-wait = Последний ответ 429: { $time }, пауза { $duration }
status-in-flight = Запросов без ответа: { $count }
status-waiting = Ждут ответа бота: { $count }
status-running = Идут:
status-paused = На паузе:
status-scheduled = Запланированы:
status-campaign = № { $id } · { $text }
status-left = осталось { $count }
status-speed = { $rate } в секунду
status-more = … и ещё { $count }, смотрите /campaigns
status-reachable = Подписчиков, которым можно написать: { $count }
status-kept = Подробности доставки хранятся { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
 }
status-kept-for-ever = Подробности доставки хранятся бессрочно
messages-a-second = { $rate ->
    [one] { $rate } сообщение
    [few] { $rate } сообщения
    [many] { $rate } сообщений
   *[other] { $rate } сообщения
 } в секунду
why-admin = приостановил админ
why-errors = слишком много ошибок
why-content = Telegram не принимает пост
why-incomplete = не хватает вложений альбома
why-unauthorized = Telegram не принимает токен

# Длительность

duration-seconds = { $count } с
duration-minutes = { $count } мин
duration-days = { $days } дн. { $hours } ч
duration-hours = { $hours } ч { $minutes } мин

# Ошибки

error-not-found = Рассылки № { $id } нет. Номера есть в /campaigns.
error-conflict = Сейчас это невозможно: рассылка № { $id } { $state }. Посмотреть: /campaign { $id }
error-changed = Черновик № { $id } тем временем изменили. Посмотрите ещё раз: /campaign { $id }
error-details-gone = Рассылка № { $id }: подробности доставки хранились { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
 }, остались только итоги: /campaign { $id }
error-unsendable = Черновик № { $id } в таком виде отправить нельзя. Почему — на его карточке: /campaign { $id }
error-no-audience = Черновик № { $id } сейчас никто не получит. Выберите получателей: /campaign { $id }
error-count-moved = Число получателей изменилось: было { $before }, стало { $after }. Подтвердите, пожалуйста, ещё раз.
error-count-not-typed = Получателей много: { $count }. Чтобы подтвердить, укажите это число.
error-reach-needed = Рассылка № { $id } повторяется: укажите, меняется только этот выпуск или и все следующие.
error-nobody = В рассылке № { $id } повторно отправлять некому.
error-no-dialog = Эта карточка устарела. Все рассылки: /campaigns
error-forbidden = Вам это не разрешено. Кому можно, решают владельцы бота.
error-not-admin = Это могут только админы бота.
error-internal = Что-то пошло не так. Прежде чем повторять, загляните в /campaigns; подробности — в журнале.

# Время: /schedule, часовые пояса, повторы, часы отправки

why-late = опоздала больше допустимого
why-overdue = её время прошло
why-restored = данные восстановлены из копии
audience-chats = { $count ->
    [one] { $count } чат
    [few] { $count } чата
   *[other] { $count } чатов
 }
notice-late = ⚠️ Рассылка № { $id } не отправлена: когда ей пора было начаться ({ $due }), Herald не работал. Отправить сейчас, перенести или не отправлять?
notice-overdue = ⏸ Рассылка № { $id } должна была начаться ({ $due }), но она на паузе и не отправлена. Отправить сейчас, перенести или не отправлять?
notice-expired = ⚠️ Рассылка № { $id } просрочена и не отправлена: когда ей пора было начаться ({ $due }), Herald не работал.
notice-moved = ⏰ Рассылка № { $id } скоро начнётся ({ $due }). С момента планирования аудитория изменилась: было { $before }, стало { $after }.
error-overdue = Время рассылки № { $id } прошло. /resume { $id } спросит, что с ней делать.
error-past = Это время уже прошло. Выберите другое.
error-too-far = Это больше чем через два года. Выберите время поближе.
error-too-many = Уже запланировано рассылок: { $count }. Больше нельзя (MAX_SCHEDULED). Отмените одну или отправьте эту сейчас.
command-schedule = Отправить пост в назначенное время
command-timezone = Ваш часовой пояс
button-schedule = Запланировать…
button-schedule-for = Запланировать на { $time }
button-now-instead = Отправить сразу
button-send-waits = Отправить сейчас · начнётся { $opens }
button-in-hour = Через час
button-today = Сегодня в 19:00
button-tomorrow = Завтра в 10:00
button-repeat = Повторять…
button-hours = Часы…
button-late = Если опоздает…
button-daily = Каждый день
button-other-days = Через день
button-weekdays = Дни недели…
button-two-weeks = Раз в 2 недели…
button-monthly = Каждый месяц…
button-last-day = Последний день
button-ends = Окончание…
button-once = Только один раз
button-never = Без окончания
button-runs = { $count ->
    [one] { $count } раз
    [few] { $count } раза
   *[many] { $count } раз
 }
button-any-time = Любое время
button-late-send = Всё равно отправить
button-late-ask = Спросить меня
button-late-expire = Не отправлять
button-reschedule = Перенести
button-edit = Изменить
button-drop = Не отправлять
button-yes-drop = Да, не отправлять
button-only-run = Только этот выпуск
button-whole-series = Всю серию
button-save = Сохранить изменения
button-later-runs = Этот и все следующие
button-own-draft = Сделать отдельным черновиком

time-now = сейчас
time-in = через { $duration }
time-ago = { $duration } назад
duration-whole-hours = { $count } ч
duration-whole-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
 }

when-ask = Когда отправить рассылку № { $id }?
when-examples = Нажмите кнопку или напишите, например: «завтра в 9 утра», «25.11 18:30», «через 2 часа», «понедельник 10:00».
when-clock = На ваших часах { $time } ({ $zone }). Изменить пояс: /timezone
when-past = { $time } — это время уже прошло.
when-past-day = { $day } — этот день уже прошёл.
when-past-part = «{ $text }» — это время уже прошло.
when-no-date = Такой даты нет: «{ $text }».
when-no-time = Такого времени нет: «{ $text }».
when-too-far = { $time } — это больше чем через два года, так далеко запланировать нельзя.
when-twice = { $time } наступит дважды: той ночью часы переводят назад. Какое из двух?
when-gap = { $time } той ночью не будет: часы переводят вперёд. Первое время после перевода — { $next }. Нажмите его или напишите другое.
when-which-hour = «{ $text }» — в котором часу? Нажмите кнопку или напишите время.
when-ambiguous = «{ $text }» можно понять по-разному. Что вы имели в виду?
when-unknown = Не понял время «{ $text }». Для повторов есть «Повторять…», или напишите, например, «каждый понедельник в 10:00».
when-outside = Это вне разрешённых часов: отправка начнётся { $opens }.
when-repeat-dropped = Повтор снят: рассылка уйдёт один раз.

zone-ask = В каком вы часовом поясе? Нажмите на город или напишите свой, часовой пояс вроде Europe/Moscow или время на ваших часах, например 21:30.
zone-which = Какой из них ваш? После названия указано время там. Если вашего нет, напишите город поблизости. UTC с числом — пояс без летнего времени.
zone-unknown = Такого места я не знаю. Напишите крупный город поблизости, часовой пояс вроде Europe/Moscow или время на ваших часах, например 21:30.
zone-first = Сначала мне нужен ваш часовой пояс: нажмите город или напишите свой. «{ $text }» я запомнил, писать это ещё раз не придётся.
zone-now = Ваш часовой пояс: { $zone }. Там сейчас { $time }.

repeat-ask = Как часто отправлять рассылку № { $id }?
repeat-examples = Нажмите кнопку или напишите, например: «каждый понедельник в 10:00», «через день в 9:00», «15-го числа в 12:00» — или выражение cron: 0 9 * * 1-5
repeat-chosen = Выбрано: { $repeats }
repeat-which-days = По каким дням?
repeat-which-day = Какого числа? Нажмите кнопку или напишите. В более коротких месяцах рассылка выйдет в последний день.
repeat-which-hour = В котором часу ({ $zone })? Нажмите кнопку или напишите.
repeat-no-hour = Не понял время «{ $text }». Напишите так: 18:30
repeat-no-time = В котором часу? Напишите дни вместе со временем: «каждый понедельник в 10:00».
repeat-unknown = Не понял повтор «{ $text }».
repeat-not-cron = Такое выражение cron не подходит. В нём пять полей: минута, час, число, месяц, день недели. Например, 0 9 * * 1-5 — это 09:00 с понедельника по пятницу.
repeat-never = По этому выражению cron время не наступит никогда.
repeat-too-often = Это чаще чем раз в 15 минут. Выберите что-нибудь реже.
repeat-none = Так не остаётся ни одного выпуска: { $repeats }. Ничего не изменилось.
repeat-echo = Повтор: { $repeats } · { $zone }
repeat-short-months = В месяцах без { $day }-го числа рассылка выйдет в последний день.
repeat-next = { $count ->
    [one] Единственный выпуск:
    [few] Ближайшие { $count } выпуска:
   *[many] Ближайшие { $count } выпусков:
 }
repeats-at = { $days } в { $time }
repeats-dated = { $days } в { $time }
repeats-steps = { $days } { $steps }
repeats-dated-steps = { $days } { $steps }
repeats-cron = по выражению cron { $expression }{ $runs ->
    [none] { "" }
   *[other] : { $runs }
 }
steps-hours = { $count ->
    [1] каждый час
    [one] каждый { $count } час
    [few] каждые { $count } часа
   *[many] каждые { $count } часов
 }
steps-minutes = { $count ->
    [one] каждую { $count } минуту
    [few] каждые { $count } минуты
   *[many] каждые { $count } минут
 }
steps-within = { $every } с { $from } до { $to }
days-daily = { $step ->
    [1] каждый день
    [2] через день
    [one] каждый { $step } день
    [few] каждые { $step } дня
   *[many] каждые { $step } дней
 }
days-workdays = по будням
days-weekly = по { $days }
days-weeks = { $step ->
    [one] раз в { $step } неделю по { $days }
    [few] раз в { $step } недели по { $days }
   *[many] раз в { $step } недель по { $days }
 }
days-monthly = { $step ->
    [1] каждый месяц { $day }-го числа
    [one] раз в { $step } месяц { $day }-го числа
    [few] раз в { $step } месяца { $day }-го числа
   *[many] раз в { $step } месяцев { $day }-го числа
 }
days-monthly-end = { $step ->
    [1] каждый месяц { $day }-го числа (или в последний день)
    [one] раз в { $step } месяц { $day }-го числа (или в последний день)
    [few] раз в { $step } месяца { $day }-го числа (или в последний день)
   *[many] раз в { $step } месяцев { $day }-го числа (или в последний день)
 }
days-dates = { $count ->
    [one] каждый месяц { $days }-го числа
   *[other] каждый месяц по числам { $days }
 }
days-dates-long = { $count ->
    [one] { $days }-го числа тех месяцев, где оно есть,
   *[other] по числам { $days }, если они есть в месяце,
 }
days-last = каждый месяц в последний день
days-nth = каждый месяц { $nth } { $weekday }
days-yearly = каждый год { $date }
# Первый, второй … такой-то день недели в месяце. В ключе указан род дня недели.
nth-m-1 = в первый
nth-m-2 = во второй
nth-m-3 = в третий
nth-m-4 = в четвёртый
nth-m-5 = в пятый
nth-m-last = в последний
nth-f-1 = в первую
nth-f-2 = во вторую
nth-f-3 = в третью
nth-f-4 = в четвёртую
nth-f-5 = в пятую
nth-f-last = в последнюю
nth-n-1 = в первое
nth-n-2 = во второе
nth-n-3 = в третье
nth-n-4 = в четвёртое
nth-n-5 = в пятое
nth-n-last = в последнее
weekday-1 = понедельник
weekday-2 = вторник
weekday-3 = среду
weekday-4 = четверг
weekday-5 = пятницу
weekday-6 = субботу
weekday-7 = воскресенье
repeats-day-1 = понедельникам
repeats-day-2 = вторникам
repeats-day-3 = средам
repeats-day-4 = четвергам
repeats-day-5 = пятницам
repeats-day-6 = субботам
repeats-day-7 = воскресеньям
repeats-until = до { $date } включительно
repeats-runs = { $count ->
    [one] всего { $count } выпуск
    [few] всего { $count } выпуска
   *[many] всего { $count } выпусков
 }
ends-ask =
    Когда закончить? Повтор: { $repeats }.
    Нажмите кнопку или напишите, сколько раз отправить («12 раз»), либо последний день («31 декабря»).
ends-unknown = Не понял «{ $text }». Напишите, сколько раз отправить («12 раз»), или последний день («31 декабря»).
ends-too-many = Напишите целое число выпусков от 1 до { $most }.

hours-ask =
    В какие часы можно отправлять рассылку № { $id }? В остальное время она ждёт.
    Нажмите кнопку или напишите, например: «09:00–18:00 пн–пт» или «22:00–06:00».
hours-chosen = Выбрано: { $hours }
hours-unknown = Не понял часы «{ $text }». Напишите так: 09:00–18:00, можно с днями недели.
hours-ambiguous = «{ $text }» можно понять по-разному. Какие часы вы имели в виду?
hours-set = Часы: { $hours }
hours-set-any = Отправлять можно в любое время.
hours-workdays = Пн–Пт

late-ask =
    Если рассылка № { $id } не начнётся в своё время, потому что Herald не работает, она начнётся сразу после его запуска, а в отчёте будет сказано, с каким опозданием.
    Что делать, если она опоздает больше чем на { $hours } ч?
late-is-send = всё равно отправить
late-is-ask = спросить меня
late-is-expire = не отправлять

plan-now = сейчас
plan-when = Когда: { $time }
plan-when-past = Когда: { $time }. Это время уже прошло.
plan-when-opens = Когда: { $opens }, как только начнутся разрешённые часы
plan-when-waits = Когда: { $time }; отправка начнётся { $opens }, в разрешённые часы
plan-begins = Отправка начнётся { $opens }, в разрешённые часы: { $hours }
plan-repeats = Повтор: { $repeats }
plan-hours = Часы: { $hours }
plan-late = Если опоздает (больше чем на { $hours } ч): { $policy }
plan-run = { $run }-й выпуск серии, { $repeats }; { $next ->
    [none] больше выпусков не будет
    [held] следующего не будет, пока выпуск на паузе не продолжен и не отменён
   *[other] следующий — { $next }
 }

confirm-schedule = Запланировать рассылку № { $id } на { $time }? Это { $people }.
confirm-schedule-type = Запланировать рассылку № { $id } на { $time }? Это { $people }. Чтобы запланировать, напишите число { $number }, или нажмите «Назад».
confirm-scheduled = Рассылка № { $id } запланирована, но показать её карточку не удалось. Посмотреть: /campaign { $id }

change-title = Рассылка № { $id } · изменение
change-note = Пока вы не сохраните, рассылка № { $id } остаётся прежней и выйдет в своё время.
change-note-mends = После сохранения пост изменится для тех, кто ещё не получил его ({ $count }). Затем нажмите «Продолжить» на карточке рассылки.
change-note-paused = Пока вы не сохраните, рассылка № { $id } остаётся прежней и на паузе. После сохранения она выйдет в выбранное здесь время.
change-too-late = Сохранить это уже нельзя: рассылка № { $id } { $state }. В ней ничего не изменилось.
change-outrun = Сохранить это уже нельзя: рассылку № { $id } тем временем изменил кто-то другой. Этот черновик в ней ничего не изменил.
change-reach = Повтор: { $repeats }. Что изменить? Время, выбранное для одного выпуска, действует только для него; время всех следующих меняет «Повторять…».
change-type = Сохранить изменение рассылки № { $id }? Теперь её получат { $people }. Чтобы сохранить, напишите число { $number }; чтобы вернуться, нажмите «Назад».
change-refused = Рассылка № { $id } тем временем началась или изменилась. В ней ничего не изменилось, ваш черновик сохранён.
error-needs-time = Запланированной рассылке нужно время в будущем. Выберите его.
error-origin-reused = Рассылка № { $id } создана другим запросом с тем же ключом.
error-bot-unknown = Этот бот не рассылает через Herald или уже удалён из него.
error-too-many-webhooks = Вебхуков уже { $count }, больше создать нельзя.
error-webhook-disabled = Вебхук выключен. Сначала включите его.
error-later-run = Рассылка № { $id } уже идёт отдельно от серии: повтор меняется в следующем выпуске, № { $later }. Верните здесь прежний повтор или отмените изменения.
change-saved = Рассылка № { $id } изменена, но показать её карточку не удалось. Посмотреть: /campaign { $id }
change-dropped = Изменения отменены. Рассылка № { $id } остаётся прежней: /campaign { $id }

card-versions = Версии: { $versions }
card-opening = «{ $opening }»
card-span = { $from }–{ $to }
card-span-days = { $from } — { $to }
card-by = автор: { $name }
card-author = Автор: { $name }
deed-paused = Приостановлена: { $name }, { $time }
deed-changed = Изменена: { $name }, { $time }
deed-cancelled = Отменена: { $name }, { $time }
deed-cancelled-why = Причина: { $reason }
card-to = Кому: { $audience } → { $people }
card-waits = Ждёт разрешённых часов. Продолжится { $opens }
card-waits-to-begin = Ждёт разрешённых часов. Начнётся { $opens }
card-late = Началась с опозданием на { $duration }
card-expired = Рассылка должна была начаться { $due }, но Herald тогда не работал. Она опоздала больше чем на { $hours } ч и, как было выбрано, не отправлена. Её никто не получил.
card-cancelled-before = Она не успела начаться, её никто не получил.
ask-cancel-scheduled = Отменить рассылку № { $id } насовсем? Её ещё никто не получил.
ask-drop = Не отправлять рассылку № { $id }? Она будет отменена.
ask-drop-run = Не отправлять рассылку № { $id }? Она будет отменена. Это выпуск серии, следующий — { $next }.
ask-cancel-run = Отменить рассылку № { $id }? Это выпуск серии, следующий — { $next }.
ask-cancel-running-run = Отменить рассылку № { $id } насовсем? Это выпуск серии, следующий — { $next }.
done-cancelled-run = Отменена. Следующий выпуск — № { $id }: { $time }
done-series-cancelled = Вся серия отменена
paused-overdue = Когда пришло её время, рассылка была на паузе, поэтому не отправлена. Отправить сейчас, перенести или не отправлять?
paused-restored = Поставлена на паузу автоматически: данные Herald восстановлены из резервной копии ({ $time }), и что отправлено после неё, неизвестно. «Продолжить» отправит пост всем, кто ещё числится в очереди; у некоторых он, возможно, уже есть, и они получат его дважды. «Отменить» — больше ничего не отправлять.
paused-restored-before = Поставлена на паузу автоматически: данные Herald восстановлены из резервной копии ({ $time }). Что было с рассылкой после неё, неизвестно: возможно, её отправили, изменили или отменили. { $due ->
    [past] Отправить сейчас, перенести или не отправлять?
   *[ahead] «Продолжить» — отправить в назначенное время; «Отменить» — не отправлять.
 }
paused-late = Рассылка должна была начаться, когда Herald не работал, и опоздала настолько, что без вашего решения не отправлена. Отправить сейчас, перенести или не отправлять?

# Каналы и группы

audience-to-chats = Каналы и группы…
chat-can-post = Теперь я могу писать в «{ $title }». Чат есть в списке «Каналы и группы…» у тех, кто им управляет.
chat-cannot-post = Меня добавили в «{ $title }», но права писать там у меня нет. Его можно дать в настройках чата.
chats-ask =
    Рассылка № { $id }: в какие каналы и группы отправить? Отметьте нужные и нажмите «Продолжить».
    Выбрано: { $chats }
chats-empty =
    Я не знаю ни одного канала или группы, где вы администратор.
    Как добавить: назначьте меня администратором канала с правом публикации или добавьте в группу, и чат появится здесь.
chats-found = Найдено по запросу «{ $query }»: { $count }
chats-note-no-right = ⛔ Сейчас туда ничего не отправить. Нажмите, и я скажу, что сделать.
chats-note-search = Чтобы найти чат, напишите часть названия.
chats-previous = ‹ Назад
chats-next = Дальше ›
chats-all = Все чаты
chats-add = Добавить чат…
chats-people = Подписчикам бота
chats-add-how =
    Канал или группу, где вы администратор, можно добавить так:
    · выберите кнопкой ниже; в канал это добавит и меня,
    · перешлите мне пост из канала,
    · пришлите @имя или ссылку t.me,
    · или просто добавьте меня туда: в канал — администратором с правом публикации.
chats-pick-channel = Выбрать канал
chats-pick-group = Выбрать группу
chats-picker-away = Кнопки ниже убраны.
chats-added = «{ $title }» есть в списке.
chats-forward-of-person = По этому сообщению не видно, из какого оно чата. Перешлите пост из канала или пришлите @имя чата.
chats-not-people = Рассылка идёт либо подписчикам, либо в чаты: выбор языков сброшен.
chats-cleared = Рассылка идёт либо подписчикам, либо в чаты: выбор чатов сброшен.
notice-chats-lost = ⚠️ Рассылка № { $id } не дошла до { $count ->
    [one] { $count } чата
   *[other] { $count } чатов
 }:
notice-chat = — { $name }: { $reason }
notice-chats-more = — и ещё { $count }
notice-chats-lost-hint = Когда я снова смогу туда писать, откройте /campaign { $id } и нажмите «Повторить неудачные».
notice-pin-failed = ⚠️ Рассылка № { $id } опубликована, но права закрепить её у меня нет:
notice-pin-chat = — { $name }
notice-delete-failed = ⚠️ Пост рассылки № { $id } уже пора удалить, но у меня нет на это права:
notice-delete-failed-hint = Удалите его там вручную и дайте мне право удалять сообщения на будущее.
notice-pin-failed-hint = Дайте мне право закреплять сообщения на будущее, а этот пост можно закрепить вручную.
reason-topic-closed = тема закрыта или удалена
chats-nothing = Не выбрано ни одного чата, отправлять некуда. Отметьте хотя бы один.
chats-none-usable = Ни в один из выбранных чатов писать мне нельзя. Нажмите на чат, и я скажу, что сделать.
chats-not-in = В этом чате меня нет, или чата с таким именем не существует. Сначала добавьте меня туда: в канал — администратором с правом публикации.
chats-gone = Меня больше нет в «{ $title }». Добавьте меня туда и попробуйте снова.
chats-no-admin = Вы не администратор «{ $title }»{ $kind ->
    [channel] {" "}с правом публикации
   *[other] {""}
 }, поэтому отправить туда не можете.
chats-no-right = В «{ $title }» мне писать нельзя. { $kind ->
    [channel] Назначьте меня там администратором с правом публикации и попробуйте снова.
   *[other] Разрешите мне отправлять туда сообщения или назначьте администратором и попробуйте снова.
 }
chats-more = { $names } и ещё { $count }
chats-and-posts = { $chats } ({ $posts ->
    [one] { $posts } пост
    [few] { $posts } поста
   *[other] { $posts } постов
 })
review-chats-left = { $count ->
    [one] { $count } чат
    [few] { $count } чата
   *[other] { $count } чатов
 }, куда мне нельзя писать
confirm-moved-chats = Число чатов изменилось: было { $before }, стало { $after }. Подтвердите, пожалуйста, ещё раз.
chats-faults = ⚠️ Ничего не отправлено:
chats-fault-gone = · { $title }: меня там больше нет.
chats-fault-no-admin = · { $title }: вы там не администратор с правом писать.
chats-fault-no-right = · { $title }: у меня нет права писать туда.
chats-fault-closed = · { $title }: тема «{ $topic }» закрыта, а управлять темами я не могу.
chats-faults-then = Исправьте это или измените список чатов и отправьте ещё раз.

topics-ask = В «{ $title }» есть темы. В какие отправить пост? Можно выбрать несколько.
topics-general = General
topics-note-closed = 🔒 Тема закрыта: писать туда могут только администраторы, которые управляют темами.
topics-note-unknown = Telegram сообщает ботам только о новых темах. Если нужной здесь нет, пришлите ссылку на неё.
topics-closed = Тема «{ $topic }» закрыта. Откройте её или разрешите мне управлять темами в «{ $title }».
topics-no-link = Это не ссылка на тему этой группы. Откройте тему в Telegram и скопируйте ссылку на неё, например https://t.me/c/1234567890/15

button-options = Параметры…
review-options = Параметры: { $options }
options-ask = Параметры рассылки № { $id }. Нажимайте, чтобы включить или выключить.
options-note-silent = Без звука: уведомление о посте придёт без звука.
options-note-protect = Защита от копирования: пост нельзя переслать и сохранить.
options-note-noPreview = Без превью ссылок: у ссылок не будет картинки и описания.
options-note-forward = Переслать: пост придёт от имени автора (от вашего, если его написали вы), без кнопок и подстановки имён.
options-note-pin = Закрепить: пост будет закреплён, а закреплённый прошлой рассылкой — откреплён.
options-note-pin-people = Закрепить: пост будет закреплён в чате с каждым, а закреплённый прошлой рассылкой — откреплён. Это займёт ещё столько же времени, сколько отправка.
options-note-shuffle = Перемешать варианты: каждый видит варианты ответа в своём порядке.
options-note-addOptions = Свои варианты: люди смогут добавлять в опрос варианты ответа.
options-note-hideResults = Скрыть результаты: до завершения опроса их никто не увидит. В карточке они видны сразу.
options-note-no-addOptions = Добавлять варианты можно только в неанонимный опрос, в котором меньше 12 вариантов.
options-note-no-hideResults = Скрыть результаты можно только в опросе, который завершается сам: при создании задайте ему длительность.
options-note-effect = Эффект…: анимация, с которой пост придёт.
options-note-delete = Удалить через…: я удалю пост через столько часов, сколько вы выберете.
options-note-comments = Комментарии: отключить их для одного поста Telegram ботам не даёт. Это можно сделать только в настройках канала, сразу для всех постов.
options-cannot-pin = ⚠️ Закреплять сообщения мне нельзя здесь: { $chats }
options-cannot-delete = ⚠️ Удалять сообщения мне нельзя здесь: { $chats }
option-silent = Без звука
option-protect = Защита от копирования
option-noPreview = Без превью ссылок
option-forward = Переслать
option-pin = Закрепить
option-shuffle = Перемешать варианты
option-addOptions = Свои варианты
option-hideResults = Скрыть результаты
option-effect = Эффект…
option-delete = Удалить через…
option-hours = { $hours } ч
option-never = Не удалять
option-is-silent = без звука
option-is-protect = защита от копирования
option-is-noPreview = без превью ссылок
option-is-forward = переслать
option-is-pin = закрепить
option-is-shuffle = варианты перемешаны
option-is-addOptions = можно добавлять варианты
option-is-hideResults = результаты скрыты до завершения опроса
option-is-effect = эффект { $effect }
option-is-own-effect = свой эффект
option-is-deleted = удалить через { $hours } ч
effect-ask = С каким эффектом пост должен прийти? Нажмите кнопку или пришлите любое сообщение с эффектом, и я возьму его оттуда.
effect-wrong = У этого сообщения нет эффекта. Нажмите одну из кнопок выше или пришлите сообщение с эффектом: в Telegram для этого удерживают кнопку отправки.
effect-none = Без эффекта
effect-own = свой
lifetime-ask = Через сколько часов удалить пост? Нажмите или напишите целое число от 1 до { $most }. Боты могут удалять сообщения в течение 48 часов.
lifetime-wrong = Напишите, пожалуйста, целое число часов от 1 до { $most }, например 36.

posts-line = · { $chat }: { $link }
posts-line-bare = · { $chat }
posts-more = · и ещё { $count }

card-cancelled-chats = { $left ->
    [0] К этому времени пост уже отправили во все чаты.
    [one] Пост не отправляли в { $left } чат.
    [few] Пост не отправляли в { $left } чата.
   *[other] Пост не отправляли в { $left } чатов.
}
ask-cancel-chats = Отменить рассылку № { $id } насовсем? { $left ->
    [one] Она не выйдет в { $left } чате
   *[other] Она не выйдет в { $left } чатах
 }.
ask-uncertain-chats = Отправить рассылку № { $id } ещё раз туда, где неясно, вышел ли пост ({ $count ->
    [one] { $count } чат
    [few] { $count } чата
   *[other] { $count } чатов
 })? Где-то он может появиться дважды.

# Списки, статистика и настройки

list-number = № { $id }
list-changes = изменяет № { $id }
list-waits = ждёт
list-search-hint = Поиск: /campaigns и слова из поста или номер.
found-title = «{ $words }»: { $count ->
    [0] ничего не нашлось. Ищу все эти слова в текстах, подписях и кнопках.
    [one] { $count } рассылка
    [few] { $count } рассылки
   *[many] { $count } рассылок
 }
button-calendar = Календарь
button-all-campaigns = Все рассылки
calendar-title = Календарь · { $week } · { $zone }
calendar-day = { $day }: { $first }
calendar-after = (после № { $id })
calendar-goes-on = (продолжение)
calendar-more = … и ещё { $count }
calendar-empty = На эти дни ничего не запланировано.
button-next-week = Следующая неделя
button-previous-week = Предыдущая неделя

stats-counting = Считаю подписчиков…
stats-campaigns = Рассылки
stats-running = Идут: { $count }{ $paused ->
    [0] {""}
   *[other] { " " }(на паузе: { $paused })
 }
stats-scheduled = Запланированы: { $count }{ $paused ->
    [0] {""}
   *[other] { " " }(на паузе: { $paused })
 }
stats-finished = Завершены: { $count }{ $errors ->
    [0] {""}
   *[other] { " " }(с ошибками: { $errors })
 }
stats-expired = Просрочены: { $count }
stats-cancelled = Отменены: { $count }
stats-people = Подписчики
stats-active = Активны: { $count }
stats-blocked = Заблокировали бота: { $count }
stats-opted-out = Отписались: { $count }
stats-unreachable = Недоступны: { $count }
stats-joined = Новые за последние 7 дней: { $count } (за предыдущие 7: { $before })
stats-languages = Активные по языкам
stats-language = { $language } · { $count }
stats-polls = Последние опросы
stats-poll = № { $id } · проголосовали { $count } · { $option } { $share } %
stats-quiz = № { $id } · проголосовали { $count } · верно { $share } %
stats-rates = Доставлено в последних рассылках
stats-rate = № { $id } · { $share } % из { $total }
stats-rate-cancelled = № { $id } · { $share } % из { $total } (отменена)
chart-growth = Подписчики за 30 дней
chart-joined = новые за день
chart-total = всего в списке
chart-nobody = Пока никто не подписался
chart-reach = Сообщения за 30 дней
chart-reached = доставлено за день
chart-missed = не доставлено
chart-nothing-sent = Ничего не отправлялось

settings-title = Настройки
settings-hours = Часы отправки новых рассылок: { $hours } · { $zone }
settings-any-time = Часы отправки новых рассылок: любое время
settings-options = Параметры новых постов: { $options }
settings-no-options = Параметры новых постов: нет
settings-options-ask = Нажимайте, чтобы включить или выключить. У черновиков и созданных рассылок остаются свои.
settings-timezone = Ваш часовой пояс: { $zone }. Изменить: /timezone
screen-outdated = Экран устарел, вот новый.
settings-saved = Сохранено
settings-any = В любое время
settings-day = 09:00–21:00
settings-other = Другие часы…
settings-to-options = Параметры новых постов…
settings-hours-ask =
    В какие часы можно отправлять новые рассылки? По вашим часам: { $zone }. Например:
    09:00–21:00
    с 10 до 18 по будням
    22:00–06:00
    /cancel — выйти.
settings-hours-ambiguous =
    «{ $text }» можно понять по-разному. Напишите, что вы имели в виду:
    { $hours }
settings-hours-unknown = Не понял часы «{ $text }». Напишите от и до: 09:00–21:00 или 9:30–18:00 пн–пт. /cancel — выйти.

# Неполадки самого Herald, о которых сообщается владельцам

trouble-conflict = ⚠️ Обновления этого бота с тем же токеном забирает ещё одна программа. Рассылки идут, но часть того, что пишут и нажимают люди, до меня не доходит, ваши нажатия тоже. Остановите её или дайте одному из нас отдельного бота.
trouble-conflict-over = ✅ Другая программа больше не забирает обновления этого бота (было так с { $from } по { $to }). Теперь до меня доходит всё. Если на что-то вы не получили ответа, повторите.
trouble-webhook = ⚠️ У этого бота установлен вебхук: всё, что пишут и нажимают люди, Telegram отдаёт на { $host }, а до меня не доходит ничего. Рассылки идут.{ $waiting ->
    [0] {""}
    [one] {" "}Там ждёт { $waiting } обновление.
    [few] {" "}Там ждут { $waiting } обновления.
    [many] {" "}Там ждут { $waiting } обновлений.
   *[other] {" "}Там ждут { $waiting } обновления.
 } Чтобы до меня снова всё доходило, выполните «npm run webhook:remove» на сервере Herald; программа на { $host } тогда перестанет что-либо получать. Или дайте мне отдельного бота.
trouble-webhook-over = ✅ Вебхука на { $host } больше нет (был с { $from } по { $to }). До меня снова всё доходит. Если на что-то вы не получили ответа, повторите.
trouble-unauthorized-over = ✅ Telegram снова принимает мой токен; он отказывал с { $from }. Рассылки, которые тогда шли, на паузе: откройте /campaigns.
trouble-database = ⚠️ { $disk ->
    [full] С { $from } на диске с моими данными нет места. Пока оно не появится, я ничего не отправляю и почти не могу отвечать; потом продолжу без вашей помощи.
   *[other] Моя база данных не отвечает с { $from }. Пока она не вернётся, я ничего не отправляю и почти не могу отвечать.
 } Не перезапускайте меня: то, что Telegram уже принял, я держу в памяти и потом запишу.
trouble-database-over = ✅ { $disk ->
    [full] На диске с моими данными снова есть место; его не было с { $from } по { $to }.
   *[other] База данных снова отвечает; её не было с { $from } по { $to }.
 } Отправка продолжается.
trouble-proxy-over = ✅ С { $from } по { $to } Telegram был недоступен из-за прокси { $proxy }. Отправка продолжается.
trouble-telegram-over = ✅ С { $from } по { $to } Telegram был недоступен. Отправка продолжается.
database-went-back = ⚠️ База данных вернулась в прежнее состояние: записанное начиная с { $from } пропало. Так бывает, когда она переключается на отставший резервный сервер или когда восстанавливают копию. Я помню, кто какой пост получил, и записал это заново: дважды он никому не придёт.{ $gone ->
    [0] {""}
    [one] {" "}{ $gone } рассылка, которая шла, пропала целиком.
    [few] {" "}{ $gone } рассылки, которые шли, пропали целиком.
   *[many] {" "}{ $gone } рассылок, которые шли, пропали целиком.
 } Рассылки, которые за это время остановили на ходу, стоят на паузе. Всё остальное, сделанное с тех пор, могло отмениться: новые и изменённые рассылки, отмены запланированных, импорт, голоса, /stop. Просмотрите /campaigns.
trouble-backup = ⚠️ Не удаётся создать ежедневную резервную копию: { $why ->
    [room] нужно около { $needed }, а на диске свободно { $free }
   *[other] { $what }
 }. Прежние копии на месте. Пробую снова каждый час.
trouble-backup-over = ✅ Ежедневные резервные копии снова создаются; сбой длился с { $from } по { $to }.
trouble-stars = ⚠️ Telegram сообщает, что у бота не хватает звёзд. Рассылки идут дальше на бесплатной скорости: { $rate ->
    [one] { $rate } сообщение
    [few] { $rate } сообщения
    [many] { $rate } сообщений
   *[other] { $rate } сообщения
} в секунду. После пополнения платную скорость вернут «Пауза» и «Продолжить».
trouble-sender-conflict = ⚠️ Обновления бота @{ $bot } с тем же токеном забирает ещё одна программа. Его рассылки идут, но часть того, что пишут и нажимают его подписчики, до меня не доходит. Если отвечать им должна та программа, откройте бота в /bots и нажмите «Рядом с другой программой». Если нет, остановите её.
trouble-sender-conflict-over = ✅ Другая программа больше не забирает обновления бота @{ $bot } (было так с { $from } по { $to }). Я снова слышу его подписчиков.
trouble-sender-webhook = ⚠️ У бота @{ $bot } установлен вебхук: всё, что пишут и нажимают его подписчики, Telegram отдаёт на { $host }, а до меня не доходит ничего. Рассылки идут. Если отвечать подписчикам должна та программа, откройте бота в /bots и нажмите «Рядом с другой программой». Если нет, удалите вебхук.
trouble-sender-webhook-over = ✅ Вебхука бота @{ $bot } на { $host } больше нет (был с { $from } по { $to }). Я снова слышу его подписчиков.
trouble-sender-unauthorized = ⚠️ Telegram не принимает токен бота @{ $bot }. Его рассылки ждут, никто не будет пропущен. Откройте бота в /bots и дайте ему новый токен: всё, что отправлялось в последний час, продолжится само.
trouble-sender-unauthorized-over = ✅ Telegram снова принимает токен бота @{ $bot }; он отказывал с { $from }. Рассылки, которые стоят на паузе больше часа, сами не продолжатся: откройте /campaigns и нажмите «Продолжить».
trouble-sender-stars = ⚠️ Telegram сообщает, что у бота @{ $bot } не хватает звёзд. Его рассылки идут с бесплатной скоростью: { $rate ->
    [one] { $rate } сообщение
    [few] { $rate } сообщения
    [many] { $rate } сообщений
   *[other] { $rate } сообщения
 } в секунду. Когда пополните баланс, платную скорость вернут «Пауза» и «Продолжить».
trouble-sender-stars-over = ✅ У бота @{ $bot } снова хватает звёзд; их не хватало с { $from } по { $to }.
trouble-stars-over = ✅ Звёзд снова достаточно; их не хватало с { $from } по { $to }. Рассылки идут на платной скорости.

# События, о которых сообщается отдельно

told-restored = ⏸ Рассылка № { $id } на паузе: данные Herald восстановлены из резервной копии.
told-began = ▶️ Рассылка № { $id } началась.
told-ended = Рассылка № { $id } · завершена: получили { $sent } из { $total }, заняло { $duration }
told-scheduled = 🗓 Рассылка № { $id } запланирована: { $time } ({ $name }).
told-sent = ▶️ Рассылка № { $id } отправлена ({ $name }).
told-paused = ⏸ Рассылка № { $id } приостановлена ({ $name }).
told-resumed = ▶️ Рассылка № { $id } продолжена ({ $name }).
told-changed = ✏️ Рассылка № { $id } изменена ({ $name }).
told-cancelled = 🛑 Рассылка № { $id } отменена ({ $name }): получили { $sent } из { $total }.
told-cancelled-before = 🛑 Рассылка № { $id } отменена до начала ({ $name }).
told-retried = 🔁 Рассылка № { $id } отправляется ещё раз тем, кто её не получил ({ $name }).
told-series-over = Серия закончена: следующего запуска не будет.
told-group-lost = ⚠️ Я больше не могу писать в группу { $group }, куда приходят отчёты о рассылках, поэтому о рассылке № { $id } там не узнали. Теперь сообщаю только автору каждой рассылки. Выбрать заново: /settings → «Сообщать…».

# /settings → Сообщать…: кому сообщать о рассылках

settings-tell = Сообщать…
tell-to-author = Сообщения о рассылке: её автору
tell-to-admins = Сообщения о рассылке: её автору и всем админам
tell-to-group = Сообщения о рассылке: её автору и в группу { $group }
tell-ask = Автору приходит сообщение, когда рассылка начинается по расписанию, когда завершается и когда её приостанавливает, изменяет или отменяет другой админ. О начале и завершении можно сообщать и всем админам или группе. Если вы только что отправили рассылку и её карточка у вас перед глазами, отдельного сообщения не будет.
tell-nobody = Только автору
tell-admins = Всем админам
tell-group = В группу…
tell-began = Начало по расписанию
tell-ended = Завершение
tell-deeds = Действия других админов
tell-silent = Без звука
tell-group-ask = В какую группу сообщать о рассылках? Выберите одну из тех, где я состою, или напишите там /here от своего имени. /cancel — выйти.
tell-group-none = Меня нет в такой группе, или мне нельзя туда писать. Сначала добавьте меня, потом выберите её снова. /cancel — выйти.
tell-here = Теперь буду сообщать о рассылках здесь.
