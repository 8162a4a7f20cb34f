-- MailForm: the client's own form for sending mail. Fills it in, clears it, and says whether what it holds is a given
-- row's mail. Keeps the keyboard out of it: the form takes the focus by itself, and the desktop's next command would be
-- typed into it.

local _, ns = ...
local CharacterName, Bags = ns.CharacterName, ns.Bags
local MailForm = {}
ns.MailForm = MailForm

local SUBJECT = "Mimiron's Gold-o-Matic"
local SEND_TAB = 2
local MOST_ATTACHMENTS = 12

--- Takes the keyboard out of the form, now and in the next frame: what gives it the focus may run after us.
function MailForm.releaseKeyboard()
  local function release()
    SendMailNameEditBox:ClearFocus()
    SendMailSubjectEditBox:ClearFocus()
    SendMailBodyEditBox:ClearFocus()
    MoneyInputFrame_ClearFocus(SendMailMoney)
  end
  release()
  ns.after(0, release)
end

local function attachments()
  local found = {}
  for index = 1, MOST_ATTACHMENTS do
    local name, _, count = GetSendMailItem(index)
    if name then
      table.insert(found, { itemId = Bags.itemId(GetSendMailItemLink(index)), count = count })
    end
  end
  return found
end

-- All slots: one may still hold a stack that left the bags with a mail that nobody answered, and shows nothing.
local function removeAttachments()
  for index = 1, MOST_ATTACHMENTS do
    ClickSendMailItemButton(index, true)
  end
end

local function attach(stack)
  ClearCursor()
  PickupContainerItem(stack.bag, stack.slot)
  ClickSendMailItemButton(1)
  ClearCursor()
end

--- Fills in a row's mail. Gives nil and why when that cannot be: "attachments" (others do not let go), "money", "item".
function MailForm.fill(row)
  MailFrameTab_OnClick(nil, SEND_TAB)
  SetSendMailCOD(0)
  SetSendMailMoney(0)
  removeAttachments()
  if attachments()[1] then
    return nil, "attachments"
  end
  SendMailNameEditBox:SetText(row.name)
  SendMailBodyEditBox:SetText("")
  SendMailRadioButton_OnClick(1)
  if row.kind == "gift" then
    MoneyInputFrame_ResetMoney(SendMailMoney)
    attach(row.item)
  else
    MoneyInputFrame_SetCopper(SendMailMoney, row.copper)
    if not SetSendMailMoney(row.copper) then
      MailForm.releaseKeyboard()
      return nil, "money"
    end
  end
  -- After the item, whose name the client would put here.
  SendMailSubjectEditBox:SetText(SUBJECT)
  MailForm.releaseKeyboard()
  if row.kind == "gift" and not attachments()[1] then
    return nil, "item"
  end
  return true
end

--- Shuts the question whether to send the gold, and empties the form if it still is that row's.
function MailForm.clear(row)
  StaticPopup_Hide("SEND_MONEY")
  if not CharacterName.same(SendMailNameEditBox:GetText(), row.name) then
    return
  end
  SendMailNameEditBox:SetText("")
  SendMailSubjectEditBox:SetText("")
  SendMailBodyEditBox:SetText("")
  MoneyInputFrame_ResetMoney(SendMailMoney)
  SetSendMailMoney(0)
  removeAttachments()
end

-- The chosen stack itself, not another one like it: while it is in the form its slot is locked.
local function holdsStack(attached, item)
  local only, inSlot = attached[1], Bags.find(item)
  return #attached == 1
    and only.itemId == item.itemId
    and only.count == item.count
    and inSlot ~= nil
    and inSlot.isLocked
end

--- Whether a mail to `recipient` with what the form holds now is exactly that row's.
function MailForm.holds(row, recipient)
  if not CharacterName.same(recipient, row.name) or (GetSendMailCOD() or 0) ~= 0 then
    return false
  end
  local attached, money = attachments(), GetSendMailMoney() or 0
  if row.kind == "gold" then
    return money == row.copper and #attached == 0
  end
  return money == 0 and holdsStack(attached, row.item)
end

--- What the mail that the form holds takes from the purse, in copper.
function MailForm.cost()
  return (GetSendMailMoney() or 0) + GetSendMailPrice()
end

--- Lets the streamer press Send again after a mail that was held back.
function MailForm.enableSend()
  SendMailMailButton:Enable()
end
