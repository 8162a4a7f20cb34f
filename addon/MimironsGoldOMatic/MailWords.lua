-- MailWords: what is said about a mail: the tag to the desktop, which is remembered for the next hello, the whisper to the
-- winner, and word to our own windows.

local _, ns = ...
local LogBridge, Tag = ns.LogBridge, ns.Tag
local MailWords = {}
ns.MailWords = MailWords

-- A FAILED that was saved may be older than a crash, and the mail may have been announced again since: repeating it would
-- say of the new mail that it did not leave. Without it, the streamer is asked.
ns.listen("LOGIN", function()
  if ns.LogFile.isReload then
    return
  end
  for id, word in pairs(ns.db.said) do
    if word.tag == "FAILED" then
      ns.db.said[id] = nil
    end
  end
end)

--- Says a tag about a row; `onFlushed` is called when it is in the log's file. A word that could not be written before
--- the next one was said is not written any more: SENDING after FAILED would be a new mail.
function MailWords.say(tag, row, onFlushed)
  local word = { tag = tag, at = time() }
  ns.db.said[row.id] = word
  ns.debug("-> %s %s", tag, row.id)
  LogBridge.emit(function()
    return ns.db.said[row.id] == word and Tag.bare(tag, row.id, ns.db.key) or nil
  end, onFlushed)
end

--- Says what became of a row's mail: "sent", "failed", "gone" (the gift's stack), or "unknown", of which nothing is said
--- to the desktop: its SENDING stays open.
function MailWords.conclude(row, verdict)
  if verdict == "sent" then
    MailWords.say(row.kind == "gift" and "GIFT_SENT" or "CONFIRM", row)
    if row.kind == "gold" then
      ns.Whispers.insist(row.name, ns.Reply.sentText)
    end
  elseif verdict == "failed" or verdict == "gone" then
    MailWords.say("FAILED", row)
    if row.status == "WAITING" then
      -- It has to be named again, which the desktop does after a hello.
      LogBridge.tag("READY")
    end
  end
  ns.tell("MAIL", verdict, row)
end
