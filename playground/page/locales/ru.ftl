# Слова страницы. <b> и <code> в них значат то же, что в HTML.

## Страница

page-title = Песочница Herald
page-of = { $title } · Песочница Herald
skip = К полю сообщения
tabs = Разделы страницы
tab-chats = Чаты
tab-chat = Чат
tab-telegram = Telegram
connecting = Соединение…
connecting-to = Соединение с песочницей…
colours = { $theme ->
    [light] Тема: светлая
    [dark] Тема: тёмная
   *[system] Тема: как в системе
}
colours-change = { colours }. Сменить на { $next ->
    [light] светлую
    [dark] тёмную
   *[system] системную
}
speak = In English
ok = ОК
close = Закрыть
dismiss = Убрать
no-answer = Песочница не отвечает. Она ещё работает?
copied = Скопировано
copying-denied = Браузер не разрешил копирование.

## Список чатов

search = Поиск чатов и людей
own-chat = Ваш чат с ботом
rooms = Каналы и группы
people-title = Люди
nobody-matches = По запросу «{ $query }» никого нет. Ищите по имени, @имени или id.
found = { $count ->
    [50] Найдено 50 или больше
   *[other] Найдено: { $count }
}
people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
}
totals = { people } · остальных найдёт поиск
totals-blocked = { people } · { $blocked ->
    [one] { $blocked } заблокировал бота
   *[other] { $blocked } заблокировали бота
} · остальных найдёт поиск
you-said = Вы:
new = Новое
admin = админ
account-deleted = Аккаунт удалён
row-blocked = Бот заблокирован
row-no-member = Бота здесь нет
row-not-started = Бот не запущен
today = Сегодня
yesterday = Вчера

## Над сообщениями

no-chat = Чата с id { $id } нет.
chat = Чат
chat-named = Чат: { $title }
back = Назад к чатам
you-are = Вы { $name }
owner = владелец
status-deleted = аккаунт удалён
status-blocked = бот заблокирован
status-not-started = бот не запущен
type-channel = канал
type-group = группа
bot-administrator = бот здесь администратор
bot-creator = бот здесь владелец
bot-kicked = бота удалили
bot-left = бота здесь нет
bot-member = бот здесь участник
bot-restricted = боту нельзя сюда писать
pinned-message = Закреплённое сообщение
pinned-last = Закреплённое сообщение, последнее из { $count }
too-far-back = Слишком старое, здесь его нет
message-gone = Этого сообщения больше нет, или оно слишком старое.
first-steps = Первые шаги
step-start = Нажмите «Старт»
step-send = Отправьте <code>/broadcast</code> и пост
step-watch = Следите за рассылкой
step-done = Готово:
actions-for = Действия: { $name }
more = Ещё
telegram-language = Язык Telegram
send-command = Отправить { $command }
block-bot = Заблокировать бота
unblock-bot = Разблокировать бота

## Сообщения

messages = Сообщения
to-end = В конец
to-end-new = В конец, новых: { $count }
count-new = новых: { $count }
nothing-yet = Пока ничего нет.
hint-person = { $name } увидит здесь то, что пришлёт { $bot }.
hint-closed = Боту нельзя сюда писать.
hint-posts = Здесь появится то, что опубликует { $bot }.
hint-broadcast = Чтобы отправить рассылку сюда, а не людям, выберите в ней «Каналы и группы…».
try-herald = Попробуйте Herald без токена
try-herald-what = { $count ->
    [one] Это ваш собственный Telegram на этом компьютере, наружу ничего не уходит. Бот в этом чате ваш, и первой рассылки ждёт { $count } вымышленный человек.
    [few] Это ваш собственный Telegram на этом компьютере, наружу ничего не уходит. Бот в этом чате ваш, и первой рассылки ждут { $count } вымышленных человека.
   *[many] Это ваш собственный Telegram на этом компьютере, наружу ничего не уходит. Бот в этом чате ваш, и первой рассылки ждут { $count } вымышленных человек.
}
try-send = Отправьте <code>/broadcast</code>, а потом сам пост.
try-watch = Смотрите, как он расходится, и мешайте рассылке: Herald справится.
try-bot = Попробуйте своего бота без Telegram
try-bot-what = { $count ->
    [one] Это ваш собственный Telegram на этом компьютере, наружу ничего не уходит. { $bot } в этом чате принадлежит вам. Здесь { $count } человек, и бот знает только тех, кто ему пишет или внесён в его список.
    [few] Это ваш собственный Telegram на этом компьютере, наружу ничего не уходит. { $bot } в этом чате принадлежит вам. Здесь { $count } человека, и бот знает только тех, кто ему пишет или внесён в его список.
   *[many] Это ваш собственный Telegram на этом компьютере, наружу ничего не уходит. { $bot } в этом чате принадлежит вам. Здесь { $count } человек, и бот знает только тех, кто ему пишет или внесён в его список.
}
try-run = Запустите бота с переменными, которые показаны в терминале.
try-as = Чтобы написать от имени другого человека, откройте его чат.
try-cope = Мешайте боту и смотрите, как он справляется.
tap-start = Нажмите внизу <b>«Старт»</b>.
send-start = Отправьте <code>/start</code>.

## Поле ввода

whose-person = Сейчас вы <b>{ $name }</b>: всё, что вы пишете и нажимаете, исходит от этого человека.
whose-channel = Это ваш канал. Всё, что вы пишете, публикуется от его имени.
whose-group = В этой группе вы владелец бота.
whose-back = Вернуться к себе
nobody-writes = Этот аккаунт удалён. Здесь больше никто не пишет.
start = Старт
unblock = Разблокировать
message-field = Сообщение
post-as-channel = Пост от имени канала
message-as = Сообщение (вы { $name })
the-owner = владелец
commands = Команды
formatting = Форматирование
bot-keyboard = Клавиатура бота
send = Отправить
attach = Прикрепить
own-media = Своё фото или видео…
own-file = Свой файл…
samples = Образцы
becomes-caption = Ваш текст станет подписью
stays-in-field = Ваш текст останется в поле
too-long-message = Длиннее на { $surplus }: в сообщении не больше { $limit } символов.
too-long-caption = Длиннее на { $surplus }: в подписи не больше { $limit } символов.
too-many-files = За один раз Telegram берёт не больше { $count } файлов.
files-too-large = Слишком много: боты принимают файлы до 50 МБ.
no-mini-apps = Мини-приложения песочница не открывает.
format-bold = Жирный
format-bold-typed = **жирный**
format-italic = Курсив
format-italic-typed = __курсив__
format-underline = Подчёркнутый
format-underline-typed = ++подчёркнутый++, только здесь
format-strike = Зачёркнутый
format-strike-typed = ~~зачёркнутый~~
format-spoiler = Скрытый
format-spoiler-typed = ||скрытый||
format-code = Код
format-code-typed = `код` или ```блок```
format-link = Ссылка
format-link-typed = [текст](https://…)
format-quote = Цитата
format-quote-typed = > в начале строки
picker-search = Поиск
picker-search-label = Поиск людей по имени, @имени или id
picker-nobody = Никого с таким именем нет.
picker-no-channel = Подходящего канала здесь нет.
picker-no-group = Подходящей группы здесь нет.
picker-private-channel = Закрытый канал
picker-private-group = Закрытая группа
maker-name = Название бота
maker-username = Имя пользователя с окончанием «bot»
maker-note = Им будет управлять бот, который просит его создать.
maker-make = Создать
picker-count = { $count } из { $most }
share = Поделиться
sample-photo = Фото
sample-video = Видео
sample-gif = GIF
sample-live_photo = Живое фото
sample-album = Альбом из 3 фото
sample-mixed_album = Альбом с видео
sample-file = Файл
sample-files = Альбом файлов
sample-music = Музыка
sample-voice = Голосовое сообщение
sample-video_note = Видео в кружке
sample-sticker = Стикер
sample-formatted = Текст с форматированием
sample-rich = Статья
sample-forward = Пересланный пост с кнопками
sample-poll = Опрос
sample-public_poll = Открытый опрос
sample-several = Опрос с несколькими ответами
sample-quiz = Викторина
sample-checklist = Список задач
sample-location = Геопозиция
sample-venue = Место
sample-contact = Контакт
sample-dice = Кубик

## Сообщение

kind-text = Сообщение
kind-rich_message = Пост
kind-live_photo = Живое фото
kind-paid_media = Платный контент
kind-photo = Фото
kind-video = Видео
kind-animation = GIF
kind-document = Файл
kind-audio = Музыка
kind-voice = Голосовое сообщение
kind-video_note = Видеосообщение
kind-sticker = Стикер
kind-poll = Опрос
kind-venue = Место
kind-location = Геопозиция
kind-contact = Контакт
kind-dice = Кубик
kind-checklist = Список задач
kind-story = История
kind-game = Игра
kind-invoice = Счёт
kind-giveaway = Розыгрыш
kind-giveaway_winners = Победители розыгрыша
kind-service = Служебное сообщение
kind-pinned_message = Закреплено сообщение
kind-with-words = { $kind }, { $words }
hidden-text = скрытый текст
show-hidden = Скрытый текст, показать
forwarded-from = Переслано от <b>{ $name }</b>
via = через <b>{ $name }</b>
in-reply-to = В ответ на
with-effect = Отправлено с эффектом
protected = Защищено
protected-what = Защищено: нельзя ни переслать, ни сохранить
pinned = Закреплено
edited = изменено
edited-at = Изменено: { $date }
more-about = Действия с сообщением
forward-to-bot = Переслать боту
forwarded = Переслано
copy-text = Копировать текст
delete = Удалить
is-protected = Это сообщение защищено.
message-buttons = Кнопки сообщения
bot-opens = Бот хочет открыть { $url }
opens-in-telegram = В Telegram здесь открылось бы { $link }
taps-within = Песочница передаёт боту нажатия на кнопки под сообщением, но не внутри него.
explain-query-here = Telegram вставил бы в поле ввода «{ $text }».
explain-query-there = Telegram попросил бы выбрать чат и вставил бы туда «{ $text }».
explain-pay = Платить в песочнице нельзя.
explain-game = Игр в песочнице нет.
open-picture = { $what }, открыть
hidden-picture = { $what }, скрыто под спойлером, показать
live = Живое
video-of = Видео, { $duration }
video-message-of = Видеосообщение, { $duration }
voice-of = Голосовое сообщение, { $duration }
sticker = Стикер { $emoji }
download = Скачать { $name }
unnamed-file = Файл
unnamed-music = Музыка
dice-shows = { $emoji } выпало { $value }
done = сделано
to-do = не сделано
tasks-done = Сделано { $done } из { $count }
stars-for = ⭐ { $count } за доступ
story-of = История: { $title }
open-map = Открыть карту
map-of = Карта: { $place }
live-location = Трансляция геопозиции
preview-here = Здесь Telegram покажет предпросмотр ссылки.
preview-large = Здесь Telegram покажет предпросмотр ссылки с большой картинкой.
preview-small = Здесь Telegram покажет предпросмотр ссылки с маленькой картинкой.
show-more = Показать целиком
show-less = Свернуть
slideshow = Слайдов: { $count }
table = Таблица
size-B = { $number } Б
size-KB = { $number } КБ
size-MB = { $number } МБ
size-GB = { $number } ГБ
poll-final = Окончательные результаты
poll-anonymous = Анонимный опрос
poll-public = Открытый опрос
quiz-anonymous = Анонимная викторина
quiz-public = Викторина
poll-closes = закроется в { $time }
poll-results = Результаты
poll-retract = Отозвать голос
poll-vote = Голосовать
poll-votes = { $count ->
    [0] Голосов пока нет
    [one] { $count } голос
    [few] { $count } голоса
   *[many] { $count } голосов
}
quiz-answers = { $count ->
    [0] Ответов пока нет
    [one] { $count } ответ
    [few] { $count } ответа
   *[many] { $count } ответов
}
poll-right = правильный ответ
poll-right-own = правильно, ваш ответ
poll-wrong-own = неправильно, ваш ответ
poll-own = ваш голос

## Служебные сообщения

service-pinned = { $who } закрепил(а) { $what }
service-pinned-any = { $who } закрепил(а) сообщение
service-joined = { $who } теперь в группе
service-added = { $who } добавил(а) в группу: { $whom }
service-left = { $who } больше не в группе
service-removed = { $who } удалил(а) из группы: { $whom }
service-title = { $who } переименовал(а) группу: { $title }
service-title-channel = Канал теперь называется { $title }
service-photo = { $who } сменил(а) фото группы
service-photo-channel = У канала новое фото
service-no-photo = { $who } удалил(а) фото группы
service-no-photo-channel = Фото канала удалено
service-group = { $who } создал(а) группу
service-channel = Канал создан
service-timer = { $who } включил(а) автоудаление сообщений через { $span }
service-timer-off = { $who } выключил(а) автоудаление сообщений
service-migrated-to = Группа стала супергруппой: { $id }
service-migrated-from = Раньше это была группа { $id }
service-topic = { $who } создал(а) тему { $title }
service-topic-icon = { $who } сменил(а) значок темы
service-topic-renamed = { $who } переименовал(а) тему: { $title }
service-topic-closed = { $who } закрыл(а) тему
service-topic-reopened = { $who } снова открыл(а) тему
service-general-hidden = { $who } скрыл(а) тему General
service-general-shown = { $who } снова показал(а) тему General
service-shared = { $who } делится с ботом: { $what }
service-bot = { $who } создаёт бота { $bot }
service-shared-person = человек { $id }
service-shared-chat = чат { $id }
service-allowed = { $who } разрешил(а) боту писать
service-website = { $who } вошёл(ла) на { $domain }
service-web-app = { $who } отправил(а) данные из мини-приложения { $title }
service-option = { $who } добавил(а) в опрос { $title }
service-option-gone = { $who } убрал(а) из опроса { $title }
service-ticked = { $count ->
    [one] { $who } выполнил(а) { $count } задачу
    [few] { $who } выполнил(а) { $count } задачи
   *[many] { $who } выполнил(а) { $count } задач
}
service-unticked = { $who } снял(а) отметки с задач
service-tasks = { $who } добавил(а) { $what }
service-paid = { $who } заплатил(а) { $amount }
service-refunded = { $who } получил(а) обратно { $amount }
service-near = { $who } и { $whom }: расстояние меньше { $distance } м
service-boost = { $count ->
    [one] { $who } усилил(а) группу { $count } раз
    [few] { $who } усилил(а) группу { $count } раза
   *[many] { $who } усилил(а) группу { $count } раз
}
service-wallpaper = { $who } сменил(а) обои
service-owner = Теперь группой владеет { $who }
service-call-planned = Видеочат назначен на { $date }
service-call = { $who } начал(а) видеочат
service-call-ended = Видеочат закончился, он длился { $duration }
service-call-invited = { $who } приглашает в видеочат: { $whom }
service-giveaway = { $who } начал(а) розыгрыш
service-giveaway-over = { $count ->
    [one] В розыгрыше { $count } победитель
    [few] В розыгрыше { $count } победителя
   *[many] В розыгрыше { $count } победителей
}
service-gift = { $who } отправил(а) подарок
quoted = «{ $text }»
span-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}
span-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
span-minutes = { $count ->
    [one] { $count } минуту
    [few] { $count } минуты
   *[many] { $count } минут
}

## Что видит Telegram

telegram-sees = Что видит Telegram
reset-counts = Обнулить
rate = { $limit ->
    [0] <b>{ $rate }</b> сообщений в секунду
   *[other] <b>{ $rate }</b> / { $limit } сообщений в секунду
}
rate-limit = Лимит Telegram: { $limit }
rate-ago = 60 с назад
rate-429 = ответ 429
rate-now = сейчас
rate-words-none = Данных пока нет.
rate-words = Сообщений в секунду за последнюю минуту: сейчас { $now }, самое большее { $most }.
rate-words-limit = Telegram разрешает { $limit }.
rate-words-no-limit = Лимита нет.
rate-words-refused = { $count ->
    [0] Ответов 429 не было.
   *[other] Ответов 429: { $count }.
}
this-broadcast = Эта рассылка
since-start = С запуска или обнуления
delivered = Доставлено
delivered-what = Чаты, куда она дошла
refused = Отказано
refused-what = Отказы Telegram: бот заблокирован, аккаунт или бот удалён
in-flight = В пути
in-flight-what = Вызовы, на которые ещё нет ответа
duplicates = Повторы
duplicates-none = Никто не получил пост дважды
duplicates-what = Посты, которые чат получил больше одного раза
too-many = Ответы 429
too-many-what = Сколько раз Telegram велел подождать
peak = Пик
peak-what = Больше всего сообщений за одну секунду
break-it = Попробуйте сломать
herald-starting = запускается…
herald-stopped = остановлен
herald-running = работает
herald-running-as = работает, процесс { $pid }
herald-killed = { $count ->
    [one] убит { $count } раз
    [few] убит { $count } раза
   *[many] убит { $count } раз
}
herald-start = Запустить
herald-start-what = Он продолжит с того места, где остановился.
herald-restart = Убить и запустить
herald-kill = Убить
herald-kill-what = kill -9: что было в пути, попадёт в отчёт как «неясно».
herald-log = Журнал Herald
herald-log-lines = Строки журнала Herald
herald-log-none = Пока пусто.
flood = Отвечать 429 в течение { $seconds } с
flood-left = Ответы 429 ещё { $seconds } с
flood-what = На каждую отправку ответ: подождите.
flood-what-herald = На каждую отправку ответ: подождите. Herald ждёт.
cut = Рвать соединения в течение { $seconds } с
cut-left = Обрывы ещё { $seconds } с
cut-what = Половина вызовов доходит, но ответы теряются.
cut-what-herald = Оборванное попадёт в отчёт как «неясно» и не уйдёт второй раз.
block-some = Заблокировать бота ({ $percent } %)
unblock-all = Разблокировать
blocking-some = Каждый десятый. Бот об этом узнает.
blocking-some-herald = Каждый десятый. Herald их пропустит.
blocking-by = Заблокировали: { people }. Бот об этом узнал.
blocking-by-herald = Заблокировали: { people }. Herald их пропустит.
have-blocked = { $count ->
    [one] Бота заблокировал { $count } человек.
    [few] Бота заблокировали { $count } человека.
   *[many] Бота заблокировали { $count } человек.
}
all-unblocked = Бота разблокировали все.
answers-after = Telegram отвечает через
answers-after-what = Столько длится каждый вызов.
answers-after-what-herald = Скорость та же, просто в пути больше вызовов.
milliseconds = { $count } мс
seconds = { $count } с
