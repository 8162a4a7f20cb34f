-- Reply: what a whispered answer means. The whole text counts, without white space around it, in any case; the
-- exclamation mark is optional because some servers swallow whatever begins with one.

local _, ns = ...
local Utf8, Letters = ns.Utf8, ns.Letters
local Reply = {}
ns.Reply = Reply

local MEANINGS = {
  gold = { ["!twgold"] = "ACCEPT", ["twgold"] = "ACCEPT" },
  gift = {
    ["!twgift"] = "GIFT_ACCEPT",
    ["twgift"] = "GIFT_ACCEPT",
    ["нет"] = "GIFT_DECLINE",
    ["no"] = "GIFT_DECLINE",
  },
}

local QUESTIONS = {
  gold = "Поздравляю, ты победил в розыгрыше! Дай мне своё согласие на получение награды - ответь на это сообщение одной фразой: ",
  gift = "Тебе выпал подарок! Хочешь его получить? Ответь на это сообщение одной фразой: ",
}
local PHRASES = { gold = "twgold", gift = "twgift" }

--- The whisper to one whose gold was sent.
Reply.sentText = "Награда отправлена тебе на почту, проверяй ящик!"

--- The whisper that asks. `kind` is "gold" or "gift"; where the server swallows `!`, the phrase comes without it.
function Reply.question(kind, bangSwallowed)
  return QUESTIONS[kind] .. (bangSwallowed and "" or "!") .. PHRASES[kind]
end

--- The tag that an answer to a question of that kind stands for, nil for any other talk.
function Reply.meaning(kind, text)
  local letters = {}
  for _, code in ipairs(Letters.trim(Utf8.codePoints(text))) do
    if not code or #letters > 16 then
      return nil
    end
    table.insert(letters, Utf8.encode(Letters.lower(code)))
  end
  return MEANINGS[kind][table.concat(letters)]
end
