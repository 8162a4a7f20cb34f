-- Bags and items.
local sim = ...
local host = sim.host

NUM_BAG_SLOTS, NUM_BAG_FRAMES, NUM_CONTAINER_FRAMES, BACKPACK_CONTAINER, BANK_CONTAINER, KEYRING_CONTAINER = 4, 4, 13, 0, -1, -2

function GetContainerNumSlots(bag) return host.bag_size(bag) end
function GetContainerNumFreeSlots(bag) return host.bag_free(bag), 0 end
function GetContainerItemInfo(bag, slot) return host.bag_item(bag, slot) end
function GetContainerItemLink(bag, slot) return host.bag_link(bag, slot) end
function GetContainerItemID(bag, slot) return host.bag_item_id(bag, slot) end
function GetContainerItemCooldown() return 0, 0, 1 end
function GetContainerItemDurability() return nil end
-- Whether it is a quest item, the quest that it begins, and whether that one is in the quest log.
function GetContainerItemQuestInfo(bag, slot) return host.bag_quest(bag, slot) end
function GetContainerItemPurchaseInfo(bag, slot) return host.bag_refund(bag, slot) end
function PickupContainerItem(bag, slot) host.bag_pickup(bag, slot) end
function SplitContainerItem(bag, slot, count) host.bag_split(bag, slot, count) end
function GetBagName(bag) return bag == 0 and "Backpack" or nil end
function ContainerIDToInventoryID(bag) return 19 + bag end
function IsBagOpen() return nil end
function OpenBackpack() end
function CloseBackpack() end
function OpenAllBags() end
function CloseAllBags() end
function OpenBag() end
function ToggleBag() end
function ToggleBackpack() end

-- With a mailbox open, using an item attaches it; everything else it does is the client's own business.
function UseContainerItem(bag, slot)
  if host.mail_attach_from_bag(bag, slot) then return end
  host.forbidden("UseContainerItem")
  sim.fire("ADDON_ACTION_FORBIDDEN", host.current_addon(), "UseContainerItem()")
end

function CursorHasItem() return (host.cursor_item()) and 1 or nil end
function GetCursorInfo() return host.cursor_item() end
function ClearCursor() if host.cursor_item() then host.cursor_clear() end end
function ResetCursor() end
function SetCursor() return 1 end

local function byName(name)
  for bag = 0, NUM_BAG_SLOTS do
    for slot = 1, GetContainerNumSlots(bag) do
      local link = GetContainerItemLink(bag, slot)
      if link and strmatch(link, "%[(.-)%]") == name then return link end
    end
  end
end
function GetItemInfo(item)
  if item == nil then error("Usage: GetItemInfo(itemID|\"name\"|\"itemlink\")", 2) end
  if type(item) == "string" and not strfind(item, "item:") and not tonumber(item) then item = byName(item) or 0 end
  return host.item_info(item)
end
function GetItemCount(item)
  if type(item) == "string" and not strfind(item, "item:") then item = byName(item) or 0 end
  return host.item_count(item)
end
function GetItemIcon(item) return (select(10, GetItemInfo(item))) end
function GetItemFamily() return 0 end
function IsEquippableItem() return nil end
function GetInventoryItemLink() return nil end
function GetContainerFreeSlots(bag, list)
  list = list or {}
  for slot = 1, GetContainerNumSlots(bag) do
    if not GetContainerItemLink(bag, slot) then tinsert(list, slot) end
  end
  return list
end
function HandleModifiedItemClick() return nil end
