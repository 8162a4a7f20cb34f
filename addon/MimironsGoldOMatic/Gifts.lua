-- Gifts: the desktop draws one stack of the bags for a viewer. It asks for the list, for a description, for the question
-- to the viewer, and for the mail; whenever the stack is no longer there, FAILED says so. And the two commands of the gold
-- queue, which share the mail.

local _, ns = ...
local Bags, Commands, LogBridge, Mail, Tag = ns.Bags, ns.Commands, ns.LogBridge, ns.Mail, ns.Tag

local MOST_COPPER = 2 ^ 31 - 1

local function isThere(id, item)
  if Bags.find(item) then
    return true
  end
  LogBridge.tag("FAILED", id)
  return false
end

Commands.define("MGM_RequestGiftItems", 1, function(givenId)
  local id = Commands.id(givenId)
  local stacks = Bags.mailableStacks()
  ns.debug("-> ITEMS %s (%d)", id, #stacks)
  LogBridge.emit(function(limit)
    return Tag.items(id, stacks, ns.db.key, limit)
  end)
end)

Commands.define("MGM_DescribeGiftItem", 5, function(givenId, bag, slot, itemId, count)
  local id, item = Commands.id(givenId), Commands.item(bag, slot, itemId, count)
  local found = Bags.find(item)
  if not isThere(id, item) then
    return
  end
  ns.debug("-> ITEM %s", id)
  LogBridge.emit(function(limit)
    return Tag.item(id, {
      name = found.name,
      id = item.itemId,
      count = item.count,
      link = found.link,
      texture = found.texture,
      bagId = item.bag,
      slotId = item.slot,
    }, ns.db.key, limit)
  end)
end)

Commands.define("MGM_RequestGiftConfirmation", 6, function(givenId, givenName, bag, slot, itemId, count)
  local id, name = Commands.id(givenId), Commands.name(givenName)
  local item = Commands.item(bag, slot, itemId, count)
  -- A repeated question is only acknowledged, wherever the stack lies by now.
  if not ns.Questions.isAsked(id) and isThere(id, item) then
    ns.Questions.ask(id, "gift", name)
  end
end)

Commands.define("MGM_SendGift", 6, function(givenId, givenName, bag, slot, itemId, count)
  local id, name = Commands.id(givenId), Commands.name(givenName)
  local item = Commands.item(bag, slot, itemId, count)
  local found = Bags.find(item)
  item.name = found and found.name
  Mail.name({ id = id, kind = "gift", name = name, item = item })
end)

--- Reads `uuid:name:copper` entries parted by `;`. One bad entry refuses them all: what was typed is then not what was
--- meant.
local function readEntries(text)
  local entries = {}
  for entry in text:gmatch("[^;]+") do
    local id, name, digits = entry:match("^([^:]*):([^:]*):(%d+)$")
    local copper = tonumber(digits)
    if not copper or copper <= 0 or copper > MOST_COPPER then
      error("not an entry", 0)
    end
    table.insert(entries, { id = Commands.id(id), kind = "gold", name = Commands.name(name), copper = copper })
  end
  return entries
end

Commands.define("ReceiveGold", 1, function(text)
  if type(text) ~= "string" then
    error("not a text", 0)
  end
  for _, entry in ipairs(readEntries(text)) do
    Mail.name(entry)
  end
end)

Commands.define("MGM_Withdraw", 1, function(id)
  Mail.withdraw(Commands.id(id))
end)
