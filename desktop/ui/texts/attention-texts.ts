/** What needs the streamer: questions, alerts, refusals, forgeries; and gifts. */
export const ATTENTION_TEXTS = {
  "attention.label": { en: "What is happening", ru: "Что происходит" },

  "question.title": { en: "Was this mail sent?", ru: "Письмо ушло?" },
  "question.title.gift": { en: "Was this gift sent?", ru: "Подарок ушёл?" },
  "question.what.payout": { en: "{gold} g to {name}", ru: "{gold} з для {name}" },
  "question.what.gift": { en: "{item} to {name}", ru: "{item} для {name}" },
  "question.nobody": { en: "somebody", ru: "кого-то" },
  "question.something": { en: "an item", ru: "предмет" },
  "question.why.sending_open": {
    en: "The game ended or fell silent while {what} was on its way. Look at your gold and your sent mail, then say.",
    ru: "Игра закрылась или замолчала, пока отправлялось письмо: {what}. Проверь своё золото и почту и скажи, как было.",
  },
  "question.why.sending_unkeyed": {
    en: "A line without our key says that {what} was being sent. It may be forged. Check your gold before you answer.",
    ru: "Строка без нашего ключа говорит, что отправлялось письмо: {what}. Она может быть подделкой. Сначала проверь золото.",
  },
  "question.why.held_by_other_desktop": {
    en: "Another desktop was working on {what}. Find out whether it was mailed there before it is given back.",
    ru: "Этим занималась другая программа: {what}. Прежде чем вернуть в очередь, узнай, не отправили ли письмо оттуда.",
  },
  "question.why.session_not_flushed": {
    en: "The game ended before its log was written: nobody knows whether {what} was sent. Check your gold, then say.",
    ru: "Игра закрылась раньше, чем записала лог: неизвестно, ушло ли письмо: {what}. Проверь золото и скажи.",
  },
  "question.sent": { en: "It was sent", ru: "Да, ушло" },
  "question.not_sent": { en: "It was not", ru: "Нет, не ушло" },
  "card.settled": { en: "Settled", ru: "Улажено" },

  "alert.command_failed": {
    en: "The game did not answer {about}. Check that the chat box opens with Enter, then try again.",
    ru: "Игра не ответила на команду ({about}). Проверь, что чат открывается по Enter, и попробуй снова.",
  },
  "alert.hands_busy": {
    en: "Your keyboard and mouse were never still for a second, so {about} was not typed. Pause a moment and try again.",
    ru: "Клавиатура и мышь не замирали ни на секунду, поэтому команда не введена ({about}). Отпусти их на миг и попробуй снова.",
  },
  "alert.delivery_held": {
    en: "Reports from the game do not reach the server ({reason}). They are kept and sent again by themselves.",
    ru: "Сообщения из игры не доходят до сервера ({reason}). Они сохранены и уйдут сами.",
  },
  "alert.fact_refused": {
    en: "The server finally refused a report ({code}). It is in the list of refusals below.",
    ru: "Сервер окончательно отказал ({code}). Запись — в списке отказов ниже.",
  },
  "alert.log_unreadable": {
    en: "The chat log cannot be read. Nothing from the game arrives until it can.",
    ru: "Лог чата не читается. Пока так, из игры ничего не приходит.",
  },
  "alert.log_missing": {
    en: "There is no chat log yet. It appears when you log in with the addon switched on.",
    ru: "Лога чата пока нет. Он появится, когда войдёшь в мир с включённым аддоном.",
  },
  "alert.poll_failed": {
    en: "The server cannot be reached. What is owed is safe; trying again by itself.",
    ru: "Сервер недоступен. Всё обещанное в сохранности; попробуем снова сами.",
  },
  "alert.mail_failed": {
    en: "The mail to {name} did not leave. The row is ready again in /mgm.",
    ru: "Письмо не ушло: {name}. Строка в /mgm снова готова к отправке.",
  },
  "alert.no_items_available": {
    en: "There is nothing in your bags that can be mailed as a gift and is not promised already.",
    ru: "В сумках нет ничего, что можно отправить подарком и что ещё никому не обещано.",
  },
  "alert.addon_too_old": {
    en: "The addon {version} is too old; {minimum} or newer is needed. Nothing is typed into the game until then.",
    ru: "Аддон {version} слишком старый, нужен {minimum} или новее. До тех пор в игру ничего не вводится.",
  },
  "alert.desktop_too_old": {
    en: "This desktop is too old; {minimum} or newer is needed. Nothing is typed into the game until then.",
    ru: "Эта программа слишком старая, нужна {minimum} или новее. До тех пор в игру ничего не вводится.",
  },
  "alert.api_key_in_file": {
    en: "No keyring was found, so the API key is kept in an encrypted file. Anybody with your account can use it.",
    ru: "Хранилище ключей не нашлось, поэтому ключ API лежит в зашифрованном файле. Он доступен всем, кто войдёт под твоей учётной записью.",
  },
  "alert.several_windows": {
    en: "More than one game window is open. Pick the one to type into.",
    ru: "Открыто несколько окон игры. Выбери, в какое вводить команды.",
  },
  "alert.unknown": { en: "Something needs a look: {code}", ru: "Нужен взгляд: {code}" },
  "alert.title": { en: "Needs a look", ru: "Нужен взгляд" },
  "alert.count": { en: { one: "{n} time", other: "{n} times" }, ru: { few: "{n} раза", other: "{n} раз" } },
  "alert.retry": { en: "Try again", ru: "Попробовать снова" },
  "alert.dismiss": { en: "Seen", ru: "Понятно" },

  "windows.title": { en: "Which window is the game?", ru: "Какое окно — игра?" },
  "windows.pick": { en: "{title}, process {pid}", ru: "{title}, процесс {pid}" },

  "lease.title": { en: "Another desktop is active", ru: "Активна другая программа" },
  "lease.text": {
    en: "It types into its game; this one only watches. Take over when the other one is not in use any more.",
    ru: "Она вводит команды в свою игру, эта только смотрит. Бери работу на себя, если та больше не нужна.",
  },
  "lease.take_over": { en: "Work from here", ru: "Работать отсюда" },

  "update.newer": {
    en: "Version {latest} is out. You have {installed}.",
    ru: "Вышла версия {latest}. У тебя {installed}.",
  },
  "update.too_old": {
    en: "Version {installed} is too old for the server: nothing is typed into the game. Install {latest}.",
    ru: "Версия {installed} слишком старая для сервера: в игру ничего не вводится. Поставь {latest}.",
  },
  "update.current": { en: "Version {installed} is up to date.", ru: "Версия {installed} — свежая." },
  "update.unknown": {
    en: "Version {installed}. The server has not been asked yet.",
    ru: "Версия {installed}. Сервер ещё не спрашивали.",
  },
  "update.title": { en: "Update", ru: "Обновление" },
  "update.notes": { en: "What is new", ru: "Что нового" },
  "update.check": { en: "Check for updates", ru: "Проверить обновления" },

  "refusals.title": {
    en: { one: "Refused by the server: {n}", other: "Refused by the server: {n}" },
    ru: { other: "Отказы сервера: {n}" },
  },
  "refusals.text": {
    en: "The game said this, the server does not want it. Nothing is deleted: it can be sent again.",
    ru: "Это сообщила игра, но сервер отказался принять. Ничего не удалено: можно отправить снова.",
  },
  "refusal.line": { en: "{kind} · {name}", ru: "{kind} · {name}" },
  "refusal.who": { en: "/who report", ru: "Ответ /who" },
  "refusal.accepted": { en: "Acceptance", ru: "Согласие" },
  "refusal.mail_sent": { en: "Mail confirmation", ru: "Подтверждение письма" },
  "refusal.gift_item": { en: "Gift item", ru: "Предмет подарка" },
  "refusal.gift_answer": { en: "Answer about a gift", ru: "Ответ о подарке" },
  "refusal.gift_sent": { en: "Gift sent", ru: "Подарок отправлен" },
  "refusal.send_again": { en: "Send again", ru: "Отправить снова" },

  "forgeries.title": {
    en: { one: "Forged lines: {n}", other: "Forged lines: {n}" },
    ru: { other: "Поддельные строки: {n}" },
  },
  "forgeries.text": {
    en: "Somebody wrote lines that look like the addon's. They were ignored.",
    ru: "Кто-то пишет строки, похожие на строки аддона. Они ничего не сделали.",
  },
  "forgeries.show": { en: "Show the newest", ru: "Показать последние" },

  "gifts.title": { en: "Gifts: {n} waiting", ru: "Подарки: в очереди {n}" },
  "gifts.none": { en: "No gift requests", ru: "Подарков не просят" },
  "gift.step.waiting": { en: "{name} waits, number {position}.", ru: "{name} ждёт, номер {position}." },
  "gift.step.listing": { en: "Looking into your bags for {name}.", ru: "Смотрим в сумки: подарок для {name}." },
  "gift.step.drawing": { en: "Drawing an item for {name}.", ru: "Выбираем предмет для {name}." },
  "gift.step.describing": { en: "Asking the game what {name} got.", ru: "Спрашиваем игру, что выпало {name}." },
  "gift.step.selecting": { en: "Telling the server what {name} got.", ru: "Сообщаем серверу, что выпало {name}." },
  "gift.step.asking": { en: "{name} is asked about {item}.", ru: "Спрашиваем {name}, нужен ли {item}." },
  "gift.step.mailing": {
    en: "{name} said yes: mail {item} from /mgm.",
    ru: "{name} согласен: отправь {item} из /mgm.",
  },
  "gift.step.delivered": { en: "{item} was sent to {name}.", ru: "{item} отправлен: {name}." },
  "gift.left": { en: "{time} left", ru: "осталось {time}" },
  "gift.attention": { en: "Not mailed for over an hour.", ru: "Не отправлено больше часа." },
  "gift.fail": { en: "End request", ru: "Закрыть запрос" },
  "gift.stack": { en: "Bag {bag}, slot {slot}", ru: "Сумка {bag}, ячейка {slot}" },
  "gift.stack.count": { en: "{name} × {count}", ru: "{name} × {count}" },
} as const;
