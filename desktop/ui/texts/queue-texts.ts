/** The payout queue: Sync, table, actions on payouts. */
export const QUEUE_TEXTS = {
  "queue.label": { en: "Payouts", ru: "Выплаты" },
  "sync.button": { en: "Sync {n} accepted", ru: "Передать в игру: {n}" },
  "sync.button.none": { en: "Sync accepted", ru: "Передать в игру" },
  "sync.ready": {
    en: "Names the accepted payouts to the addon, then mail them from /mgm.",
    ru: "Аддон узнает, кому слать золото; письма отправь из /mgm.",
  },
  "sync.why.nobody_accepted": {
    en: "Nothing to sync: no winner waiting here has said yes.",
    ru: "Передавать нечего: никто из победителей ещё не согласился.",
  },
  "sync.why.no_game": { en: "Sync waits: the game is not running.", ru: "Передать нельзя: игра не запущена." },
  "sync.why.no_world": {
    en: "Sync waits: log in with your character first.",
    ru: "Передать нельзя: сначала войди в мир персонажем.",
  },
  "sync.why.not_active": {
    en: "Sync waits: this desktop is not the active one.",
    ru: "Передать нельзя: активна не эта программа.",
  },
  "sync.why.no_hello": {
    en: "Sync waits: the addon has not answered the hello yet.",
    ru: "Передать нельзя: аддон ещё не ответил на приветствие.",
  },
  "sync.why.addon_too_old": {
    en: "Sync waits: the addon is too old, update it first.",
    ru: "Передать нельзя: аддон слишком старый, обнови его.",
  },
  "sync.why.desktop_too_old": {
    en: "Sync waits: this desktop is too old, update it first.",
    ru: "Передать нельзя: программа слишком старая, обнови её.",
  },
  "sync.why.working": { en: "Syncing…", ru: "Передаём…" },
  "sync.why.bridge": { en: "Sync waits: the bridge does not answer.", ru: "Передать нельзя: мост не отвечает." },
  "sync.done": {
    en: { one: "{n} payout is in progress now.", other: "{n} payouts are in progress now." },
    ru: { one: "В работе {n} выплата.", few: "В работе {n} выплаты.", other: "В работе {n} выплат." },
  },

  "filter.label": { en: "Show", ru: "Показать" },
  "filter.pending": { en: "Pending", ru: "Ждут" },
  "filter.in_progress": { en: "In progress", ru: "В работе" },
  "filter.all": { en: "All", ru: "Все" },
  "queue.search": { en: "Find a name", ru: "Найти имя" },

  "column.choose": { en: "Choose", ru: "Выбрать" },
  "column.choose_all": { en: "Choose all", ru: "Выбрать всех" },
  "column.choose_one": { en: "Choose {name}", ru: "Выбрать: {name}" },
  "column.character": { en: "Character", ru: "Персонаж" },
  "column.viewer": { en: "Viewer", ru: "Зритель" },
  "column.gold": { en: "Gold", ru: "Золото" },
  "column.status": { en: "Status", ru: "Статус" },
  "column.accepted": { en: "Accepted", ru: "Согласие" },
  "column.age": { en: "Age", ru: "Возраст" },
  "column.id": { en: "Id", ru: "Номер" },

  "queue.gold": { en: "{gold} g", ru: "{gold} з" },
  "status.Pending": { en: "Pending", ru: "Ждёт" },
  "status.InProgress": { en: "In progress", ru: "В работе" },
  "status.Sent": { en: "Sent", ru: "Отправлено" },
  "status.Failed": { en: "Failed", ru: "Не вышло" },
  "status.Cancelled": { en: "Cancelled", ru: "Отменено" },
  "status.Expired": { en: "Expired", ru: "Истекло" },
  "status.attention": { en: "needs a look", ru: "нужен взгляд" },
  "status.other_desktop": { en: "held by another desktop", ru: "за другой программой" },
  "accepted.yes": { en: "yes", ru: "да" },
  "accepted.waiting": { en: "waiting", ru: "ждём" },
  "accepted.not_whispered": { en: "not asked yet", ru: "ещё не спросили" },
  "queue.copy_id": { en: "Copy id {id}", ru: "Скопировать номер {id}" },

  "queue.empty": { en: "Nobody is owed gold right now", ru: "Сейчас золото никому не причитается" },
  "queue.empty.more": {
    en: "The next winner shows up here by name as soon as the game says they are online.",
    ru: "Следующий победитель появится здесь, как только игра подтвердит, что он в сети.",
  },
  "queue.nothing_found": { en: "No payout fits the filter.", ru: "Под фильтр ничего не подходит." },
  "queue.show_all": { en: "Show all", ru: "Показать всё" },

  "slow.text": {
    en: "In progress for {minutes} min. Mail it from /mgm, or say what happened:",
    ru: "В работе уже {minutes} мин. Отправь из /mgm или скажи, что было:",
  },

  "chosen.count": {
    en: { one: "{n} chosen", other: "{n} chosen" },
    ru: { one: "Выбрана {n}", other: "Выбрано {n}" },
  },
  "chosen.none": { en: "Choose payouts to act on them", ru: "Выбери выплаты, чтобы что-то с ними сделать" },
  "change.mark_sent": { en: "Mark sent", ru: "Отправлено" },
  "change.mark_failed": { en: "Mark failed", ru: "Не вышло" },
  "change.cancel": { en: "Cancel payout", ru: "Отменить выплату" },
  "change.unlock": { en: "Give back", ru: "Вернуть в очередь" },
  "change.settle": { en: "Settle", ru: "Уладить" },

  "confirm.mark_sent": {
    en: { one: "Mark this payout as sent?", other: "Mark {n} payouts as sent?" },
    ru: {
      one: "Отметить {n} выплату отправленной?",
      few: "Отметить {n} выплаты отправленными?",
      other: "Отметить {n} выплат отправленными?",
    },
  },
  "confirm.mark_failed": {
    en: { one: "Mark this payout as failed?", other: "Mark {n} payouts as failed?" },
    ru: {
      one: "Отметить {n} выплату неудавшейся?",
      few: "Отметить {n} выплаты неудавшимися?",
      other: "Отметить {n} выплат неудавшимися?",
    },
  },
  "confirm.cancel": {
    en: { one: "Cancel this payout?", other: "Cancel {n} payouts?" },
    ru: { one: "Отменить {n} выплату?", few: "Отменить {n} выплаты?", other: "Отменить {n} выплат?" },
  },
  "confirm.unlock": {
    en: { one: "Give this payout back to the queue?", other: "Give {n} payouts back to the queue?" },
    ru: {
      one: "Вернуть {n} выплату в очередь?",
      few: "Вернуть {n} выплаты в очередь?",
      other: "Вернуть {n} выплат в очередь?",
    },
  },
  "confirm.settle": { en: "Settle this payout?", ru: "Уладить эту выплату?" },
  "confirm.fail_gift": { en: "End this gift request?", ru: "Закрыть запрос подарка?" },
  "confirm.mark_sent.about": {
    en: "The chat will read that the mail is there, and the winner leaves the pool. Only say so when the mail has left.",
    ru: "Чат узнает, что письмо отправлено, а победитель выйдет из списка. Отмечай, только если письмо правда ушло.",
  },
  "confirm.mark_failed.about": {
    en: "The winner gets no gold from this payout and stays in the pool. This cannot be undone.",
    ru: "Золота по этой выплате победитель не получит, но останется в списке. Вернуть это нельзя.",
  },
  "confirm.cancel.about": {
    en: "The winner gets no gold from this payout and stays in the pool. This cannot be undone.",
    ru: "Золота по этой выплате победитель не получит, но останется в списке. Вернуть это нельзя.",
  },
  "confirm.unlock.about": {
    en: "The payout waits again, and the addon forgets it. Only do this when its mail has not left.",
    ru: "Выплата снова ждёт, аддон о ней забудет. Делай так, только если письмо ещё не ушло.",
  },
  "confirm.settle.about": {
    en: "Its mail was confirmed although the payout had already ended. Write down what you did about it.",
    ru: "Письмо подтвердилось, хотя выплата уже закончилась. Запиши, как ты это уладил.",
  },
  "confirm.fail_gift.about": {
    en: "The viewer keeps the right to a gift and may ask again.",
    ru: "Право на подарок у зрителя останется, он сможет попросить снова.",
  },
  "confirm.in_progress": {
    en: "Mail may already be on its way: look at /mgm in the game first.",
    ru: "Письмо, возможно, уже в пути: сначала загляни в игре в /mgm.",
  },
  "confirm.skipped": {
    en: {
      one: "{n} chosen payout stays as it is: its status does not allow this.",
      other: "{n} chosen payouts stay as they are: their status does not allow this.",
    },
    ru: {
      one: "{n} из выбранных останется как есть: статус не позволяет.",
      other: "{n} из выбранных останутся как есть: статус не позволяет.",
    },
  },
  "confirm.note": { en: "What was done", ru: "Что сделано" },
  "confirm.yes": { en: "Yes, do it", ru: "Да, сделать" },
  "confirm.no": { en: "No, leave it", ru: "Нет, оставить" },
  "confirm.close": { en: "Close", ru: "Закрыть" },
  "confirm.working": { en: "Asking the server…", ru: "Спрашиваем сервер…" },
  "item.waiting": { en: "…", ru: "…" },
  "item.ok": { en: "done", ru: "готово" },
} as const;
