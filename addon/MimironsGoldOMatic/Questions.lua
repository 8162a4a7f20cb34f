-- Questions: asks winners whether they want their gold, and viewers whether they want their gift, and recognises the
-- answer. Only the expected character is heard, only once per question, and only a whisper that is nothing but the answer.
-- A gift's answer counts for the newest question about a gift that the character was asked: a request that came to nothing
-- may be followed by another, and one word would answer both.

local _, ns = ...
local Whispers, Reply, Commands, LogBridge = ns.Whispers, ns.Reply, ns.Commands, ns.LogBridge
local Questions = {}
ns.Questions = Questions

local ASKING_SECONDS = 60 * 60
-- How long an answer can still matter: a payout lives a day and an hour at most, a gift's question some minutes.
local HEARD_SECONDS = { gold = 25 * 60 * 60, gift = 2 * 60 * 60 }

local function isAsking(question)
  return not question.sentAt
    and not question.answer
    and not question.isReplaced
    and time() - question.at < ASKING_SECONDS
end

local function isHeard(question)
  return not question.answer and not question.isReplaced and time() - question.at < HEARD_SECONDS[question.kind]
end

local function ask(id)
  local question = ns.db.questions[id]
  Whispers.untilSent(question.name, function()
    return Reply.question(question.kind, ns.Handshake.bangSwallowed())
  end, function()
    return isAsking(question)
  end, function()
    question.sentAt = time()
    ns.debug("%s was asked (%s)", question.name, question.kind)
  end)
end

--- Whether a question was asked already. One that never got through in its hour may be asked again.
function Questions.isAsked(id)
  local known = ns.db.questions[id]
  return known ~= nil and (known.sentAt ~= nil or known.answer ~= nil or known.isReplaced or isAsking(known))
end

local function replaceGiftQuestions(name)
  for _, question in pairs(ns.db.questions) do
    if question.kind == "gift" and not question.answer and ns.CharacterName.same(question.name, name) then
      question.isReplaced = true
    end
  end
end

--- Asks, once per id.
function Questions.ask(id, kind, name)
  if Questions.isAsked(id) then
    return
  end
  if kind == "gift" then
    replaceGiftQuestions(name)
  end
  ns.db.questions[id] = { kind = kind, name = name, at = time() }
  ask(id)
end

ns.listen("LOGIN", function()
  local ids = {}
  for id, question in pairs(ns.db.questions) do
    if isAsking(question) then
      table.insert(ids, id)
    end
  end
  table.sort(ids)
  for _, id in ipairs(ids) do
    ask(id)
  end
end)

ns.on("CHAT_MSG_WHISPER", function(text, sender)
  for id, question in pairs(ns.db.questions) do
    if isHeard(question) and ns.CharacterName.same(sender, question.name) then
      question.answer = Reply.meaning(question.kind, text)
      if question.answer then
        question.answeredAt = time()
        LogBridge.tag(question.answer, id)
        ns.tell("ANSWERED", question)
      end
    end
  end
end)

Commands.define("NotifyWinnerWhisper", 2, function(id, name)
  Questions.ask(Commands.id(id), "gold", Commands.name(name))
end)
