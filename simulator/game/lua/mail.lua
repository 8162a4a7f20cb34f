-- The mailbox: the API over the one form that all mails share, and the window with its two tabs.
local sim = ...
local host = sim.host

ATTACHMENTS_MAX_SEND, ATTACHMENTS_MAX, INBOXITEMS_TO_DISPLAY, MAX_COD_AMOUNT = 12, 16, 7, 10000

function CloseMail() host.mail_close() end
function GetSendMailPrice() return host.mail_price() end
function GetSendMailMoney() return host.mail_money() end
function GetSendMailCOD() return host.mail_cod() end
function SetSendMailMoney(copper)
  if type(copper) ~= "number" then error("Usage: SetSendMailMoney(money)", 2) end
  return host.mail_set_money(copper) and 1 or nil
end
function SetSendMailCOD(copper)
  if type(copper) ~= "number" then error("Usage: SetSendMailCOD(amount)", 2) end
  return host.mail_set_cod(copper) and 1 or nil
end
function GetSendMailItem(index) return host.mail_item(index) end
function GetSendMailItemLink(index) return host.mail_item_link(index) end
function ClickSendMailItemButton(index, clear) host.mail_click(index, clear and true or false) end
function RespondMailLockSendItem(_, answer) host.mail_refund_answer(answer and true or false) end
function SendMail(to, subject, body)
  if type(to) ~= "string" or (type(subject) ~= "string" and type(subject) ~= "number") then
    error("Usage: SendMail(\"recipient\", \"subject\", \"body\")", 2)
  end
  host.mail_send(to, tostring(subject), tostring(body or ""))
end
function SetSendMailShowing() end
function CheckInbox() sim.fire("MAIL_INBOX_UPDATE") end
function GetInboxNumItems() return 0, 0 end
function GetInboxHeaderInfo() return nil end
function GetInboxText() return nil end
function GetInboxItem() return nil end
function GetInboxItemLink() return nil end
function TakeInboxItem() end
function TakeInboxMoney() end
function DeleteInboxItem() end
function ReturnInboxItem() end
function HasNewMail() return nil end
function GetLatestThreeSenders() return nil end
function GetSelectedStationeryTexture() return 1 end

-- ---------------------------------------------------------------- the window
local frame = sim.createFrame("Frame", "MailFrame", UIParent)
frame:Hide()
frame:SetSize(384, 512)
frame:SetPoint("TOPLEFT", 0, -104)
UIPanelWindows.MailFrame = { area = "left", pushable = 0 }
frame.numTabs = 2
for index = 1, 2 do
  local tab = sim.createFrame("Button", "MailFrameTab" .. index, frame, "FriendsFrameTabTemplate")
  tab:SetID(index)
  tab:SetScript("OnClick", function(self) MailFrameTab_OnClick(self) end)
end
sim.createFrame("Button", "InboxCloseButton", frame, "UIPanelCloseButton")
sim.createFrame("Frame", "InboxFrame", frame):Hide()
local send = sim.createFrame("Frame", "SendMailFrame", frame)
send:Hide()
sim.createFrame("Frame", "OpenMailFrame", UIParent):Hide()
sim.createFrame("Frame", "StationeryPopupFrame", UIParent):Hide()
sim.createFrame("Frame", "SendMailFrameLockSendMail", send):Hide()

local function box(name, letters, parent)
  local made = sim.createFrame("EditBox", name, parent or send, "InputBoxTemplate")
  made:SetAutoFocus(false)
  made:SetMaxLetters(letters)
  made:SetScript("OnTextChanged", function() SendMailFrame_CanSend() end)
  return made
end
local nameBox, subjectBox, bodyBox = box("SendMailNameEditBox", 12), box("SendMailSubjectEditBox", 64), box("SendMailBodyEditBox", 500)
bodyBox:SetMultiLine(true)
nameBox:SetScript("OnEnterPressed", function() subjectBox:SetFocus() end)
nameBox:SetScript("OnTabPressed", function() subjectBox:SetFocus() end)
subjectBox:SetScript("OnEnterPressed", function() bodyBox:SetFocus() end)
subjectBox:SetScript("OnTabPressed", function() bodyBox:SetFocus() end)
local money = sim.createFrame("Frame", "SendMailMoney", send, "MoneyInputFrameTemplate")
MoneyInputFrame_SetOnValueChangedFunc(money, function() SendMailFrame_CanSend() end)
sim.createFrame("Frame", "SendMailCostMoneyFrame", send, "SmallMoneyFrameTemplate")
sim.createFrame("CheckButton", "SendMailSendMoneyButton", send, "SendMailRadioButtonTemplate")
sim.createFrame("CheckButton", "SendMailCODButton", send, "SendMailRadioButtonTemplate")
local button = sim.createFrame("Button", "SendMailMailButton", send, "UIPanelButtonTemplate")
button:SetScript("OnClick", function(self) SendMailMailButton_OnClick(self) end)
sim.createFrame("Button", "SendMailCancelButton", send, "UIPanelButtonTemplate"):SetScript("OnClick", function() HideUIPanel(MailFrame) end)
for index = 1, ATTACHMENTS_MAX_SEND do
  local slot = sim.createFrame("Button", "SendMailAttachment" .. index, send, "ItemButtonTemplate")
  slot:SetID(index)
  slot:RegisterForClicks("LeftButtonUp", "RightButtonUp")
  slot:SetScript("OnClick", function(self, which) ClickSendMailItemButton(index, which == "RightButton") end)
end

function SendMailRadioButton_OnClick(index)
  SendMailSendMoneyButton:SetChecked(index == 1)
  SendMailCODButton:SetChecked(index == 2)
  PlaySound("igMainMenuOptionCheckBoxOn")
end
SendMailSendMoneyButton:SetScript("OnClick", function() SendMailRadioButton_OnClick(1) end)
SendMailCODButton:SetScript("OnClick", function() SendMailRadioButton_OnClick(2) end)

function StationeryPopupButton_OnClick(_, index) StationeryPopupFrame.selectedIndex = index end

-- Opening the tab chooses the paper, without which nothing can be sent, and puts the cursor into the recipient's box.
send:SetScript("OnShow", function()
  StationeryPopupButton_OnClick(nil, 1)
  SendMailFrame_Update()
  SendMailRadioButton_OnClick(1)
  nameBox:SetFocus()
end)

function SendMailFrame_CanSend()
  local ready = StationeryPopupFrame.selectedIndex ~= nil and nameBox:GetText() ~= "" and subjectBox:GetText() ~= ""
  if SendMailCODButton:GetChecked() and MoneyInputFrame_GetCopper(money) > MAX_COD_AMOUNT * COPPER_PER_GOLD then ready = false end
  if ready then button:Enable() else button:Disable() end
end

function SendMailFrame_Update()
  local title
  for index = 1, ATTACHMENTS_MAX_SEND do
    local name, texture, count = GetSendMailItem(index)
    _G["SendMailAttachment" .. index]:SetNormalTexture(texture)
    if name and not title then title = count > 1 and name .. " (" .. count .. ")" or name end
  end
  if title then
    SendMailCODButton:Enable()
    if subjectBox:GetText() == "" or subjectBox:GetText() == send.previousItem then
      subjectBox:SetText(title)
      send.previousItem = title
    end
  else
    if subjectBox:GetText() == send.previousItem then subjectBox:SetText("") end
    send.previousItem = ""
    SendMailRadioButton_OnClick(1)
    SendMailCODButton:Disable()
  end
  MoneyFrame_Update("SendMailCostMoneyFrame", GetSendMailPrice())
  SendMailFrame_CanSend()
end

function SendMailFrame_Reset()
  nameBox:SetText("")
  nameBox:SetFocus()
  subjectBox:SetText("")
  bodyBox:SetText("")
  StationeryPopupFrame.selectedIndex = nil
  SendMailFrame_Update()
  StationeryPopupButton_OnClick(nil, 1)
  MoneyInputFrame_ResetMoney(money)
  SendMailRadioButton_OnClick(1)
end

function SendMailFrame_SendMail() SendMail(nameBox:GetText(), subjectBox:GetText(), bodyBox:GetText()) end

function SendMailMailButton_OnClick(self)
  self:Disable()
  local copper = MoneyInputFrame_GetCopper(money)
  SetSendMailCOD(0)
  SetSendMailMoney(0)
  if SendMailSendMoneyButton:GetChecked() then
    if copper > 0 then return StaticPopup_Show("SEND_MONEY", nameBox:GetText()) and nil end
  elseif copper > 0 then
    SetSendMailCOD(copper)
  end
  SendMailFrame_SendMail()
end

StaticPopupDialogs.SEND_MONEY = {
  text = SEND_MONEY_CONFIRMATION, button1 = ACCEPT, button2 = CANCEL, timeout = 0, hideOnEscape = 1, hasMoneyFrame = 1,
  OnAccept = function()
    if SetSendMailMoney(MoneyInputFrame_GetCopper(money)) then SendMailFrame_SendMail() end
  end,
  OnCancel = function() button:Enable() end,
  OnShow = function(self) MoneyFrame_Update(self.moneyFrame, MoneyInputFrame_GetCopper(money)) end,
}
StaticPopupDialogs.CONFIRM_MAIL_ITEM_UNREFUNDABLE = {
  text = END_REFUND or "", button1 = OKAY, button2 = CANCEL, timeout = 0, exclusive = 1, hideOnEscape = 1, hasItemFrame = 1,
  OnAccept = function(self) RespondMailLockSendItem(self.data.slot, true) end,
  OnCancel = function(self) RespondMailLockSendItem(self.data.slot, false) end,
}

function MailFrameTab_OnClick(self, id)
  id = id or self:GetID()
  PanelTemplates_SetTab(frame, id)
  if id == 1 then
    InboxFrame:Show()
    send:Hide()
  else
    InboxFrame:Hide()
    send:Show()
    SendMailFrame_Update()
    send.sendMode = "send"
  end
  PlaySound("igSpellBookOpen")
end
function InboxFrame_Update() end
function OpenMail_Update() end

function MailFrame_OnEvent(_, name, ...)
  if name == "MAIL_SHOW" then
    ShowUIPanel(frame)
    if not frame:IsShown() then return CloseMail() end
    SendMailFrame_Update()
    MailFrameTab_OnClick(nil, 1)
    CheckInbox()
  elseif name == "MAIL_SEND_INFO_UPDATE" then
    SendMailFrame_Update()
  elseif name == "MAIL_SEND_SUCCESS" then
    SendMailFrame_Reset()
    PlaySound("igAbiliityPageTurn")
    if send.sendMode == "reply" then MailFrameTab_OnClick(nil, 1) end
  elseif name == "MAIL_FAILED" or name == "MAIL_SUCCESS" then
    button:Enable()
  elseif name == "MAIL_CLOSED" then
    HideUIPanel(frame)
    SendMailFrameLockSendMail:Hide()
    StaticPopup_Hide("CONFIRM_MAIL_ITEM_UNREFUNDABLE")
  elseif name == "MAIL_LOCK_SEND_ITEMS" then
    local slot, link = ...
    SendMailFrameLockSendMail:Show()
    StaticPopup_Show("CONFIRM_MAIL_ITEM_UNREFUNDABLE", nil, nil, { slot = slot, link = link })
  elseif name == "MAIL_UNLOCK_SEND_ITEMS" then
    SendMailFrameLockSendMail:Hide()
    StaticPopup_Hide("CONFIRM_MAIL_ITEM_UNREFUNDABLE")
  end
end
for _, name in ipairs({
  "MAIL_SHOW", "MAIL_INBOX_UPDATE", "MAIL_CLOSED", "MAIL_SEND_INFO_UPDATE", "MAIL_SEND_SUCCESS", "MAIL_FAILED", "MAIL_SUCCESS",
  "MAIL_LOCK_SEND_ITEMS", "MAIL_UNLOCK_SEND_ITEMS",
}) do
  frame:RegisterEvent(name)
end
frame:SetScript("OnEvent", function(...) MailFrame_OnEvent(...) end)
frame:SetScript("OnShow", function() PlaySound("igCharacterInfoOpen") end)
frame:SetScript("OnHide", function()
  CloseMail()
  HideUIPanel(OpenMailFrame)
  StationeryPopupFrame:Hide()
  for _, one in ipairs({ bodyBox, nameBox, subjectBox }) do one:SetText("") end
  PlaySound("igCharacterInfoClose")
end)

-- A mouse click on a button of the screen, by name.
function sim.click(name, which)
  local found = _G[name]
  if not sim.isObject(found) or not found.Click then error("no button " .. tostring(name), 0) end
  return sim.clickButton(found, which)
end
