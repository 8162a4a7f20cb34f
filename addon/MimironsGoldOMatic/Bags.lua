-- Bags: which stacks in the bags could be mailed, and what is in a slot. The client has no function that says "bound":
-- the item's tooltip is filled out of sight and read.

local _, ns = ...
local Bags = {}
ns.Bags = Bags

local LAST_BAG = 4
local MOST_LINES = 30

local FORBIDDING_LINES = {}
for _, line in ipairs({
  ITEM_SOULBOUND,
  ITEM_BIND_ON_PICKUP,
  ITEM_BIND_QUEST,
  ITEM_BIND_TO_ACCOUNT,
  ITEM_ACCOUNTBOUND,
  ITEM_CONJURED,
}) do
  FORBIDDING_LINES[line] = true
end

-- Lines with a number or a time in them: what vanishes, or may still be given back to the merchant, cannot be mailed.
local FORBIDDING_PATTERNS = {}
for _, line in ipairs({
  ITEM_DURATION_DAYS,
  ITEM_DURATION_HOURS,
  ITEM_DURATION_MIN,
  ITEM_DURATION_SEC,
  REFUND_TIME_REMAINING,
}) do
  local pattern = line:gsub("|4[^;]*;", "\1"):gsub("%%[ds]", "\1")
  pattern = pattern:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub("\1", ".-")
  table.insert(FORBIDDING_PATTERNS, "^" .. pattern .. "$")
end

local tooltip
local tooltipLines = {}

-- A tooltip without a name: its lines are handed to it, so no global is made.
local function createTooltip()
  tooltip = CreateFrame("GameTooltip")
  for index = 1, MOST_LINES do
    local left, right = tooltip:CreateFontString(), tooltip:CreateFontString()
    left:SetFontObject(GameFontNormal)
    right:SetFontObject(GameFontNormal)
    tooltip:AddFontStrings(left, right)
    tooltipLines[index] = left
  end
end

local function forbidsMail(text)
  if FORBIDDING_LINES[text] then
    return true
  end
  for _, pattern in ipairs(FORBIDDING_PATTERNS) do
    if text:find(pattern) then
      return true
    end
  end
  return false
end

-- What the client does not know yet has an empty tooltip, or one that says nothing; it is not offered.
local function isMailable(bag, slot)
  if not GetItemInfo(GetContainerItemLink(bag, slot)) then
    return false
  end
  if not tooltip then
    createTooltip()
  end
  tooltip:SetOwner(UIParent, "ANCHOR_NONE")
  tooltip:ClearLines()
  tooltip:SetBagItem(bag, slot)
  local count = math.min(tooltip:NumLines() or 0, MOST_LINES)
  local isFree = count > 0
  for index = 1, count do
    local text = tooltipLines[index]:GetText()
    if text and forbidsMail(text) then
      isFree = false
    end
  end
  tooltip:Hide()
  return isFree
end

--- The item that a link is about; nil when it is about none.
function Bags.itemId(link)
  return link and tonumber(link:match("|Hitem:(%d+)"))
end

--- What is in a slot: `{ itemId, count, name, link, texture, isLocked }`, or nil.
function Bags.look(bag, slot)
  local link = GetContainerItemLink(bag, slot)
  local itemId = Bags.itemId(link)
  if not itemId then
    return nil
  end
  local texture, count, isLocked = GetContainerItemInfo(bag, slot)
  return {
    itemId = itemId,
    count = count,
    name = link:match("|h%[(.*)%]|h") or "",
    link = link,
    texture = texture or "",
    isLocked = isLocked and true or false,
  }
end

--- What is in the slot of an expected stack `{ bag, slot, itemId, count }`; nil when that is something else by now.
function Bags.find(stack)
  local found = Bags.look(stack.bag, stack.slot)
  if found and found.itemId == stack.itemId and found.count == stack.count then
    return found
  end
  return nil
end

--- Every stack that could be mailed, as `{ bag, slot, itemId, count }`.
function Bags.mailableStacks()
  local stacks = {}
  for bag = 0, LAST_BAG do
    for slot = 1, GetContainerNumSlots(bag) or 0 do
      local found = Bags.look(bag, slot)
      if found and not found.isLocked and found.count > 0 then
        local isQuestItem = GetContainerItemQuestInfo(bag, slot)
        if not isQuestItem and isMailable(bag, slot) then
          table.insert(stacks, { bag, slot, found.itemId, found.count })
        end
      end
    end
  end
  return stacks
end
