-- StaticPopup: up to four dialogs.
local sim = ...

StaticPopupDialogs = {}
STATICPOPUP_NUMDIALOGS = 4
STATICPOPUP_TIMEOUT = 60
local frames = {}

local function press(frame, index)
  local info = StaticPopupDialogs[frame.which]
  if not info then return end
  local which, hide = frame.which, true
  if index == 1 then
    if info.OnAccept then hide = not info.OnAccept(frame, frame.data, frame.data2) end
  elseif index == 2 then
    if info.OnCancel then hide = not info.OnCancel(frame, frame.data, "clicked") end
  elseif info.OnAlt then
    info.OnAlt(frame, frame.data, "clicked")
  end
  if hide and frame.which == which then frame:Hide() end
end

for index = 1, STATICPOPUP_NUMDIALOGS do
  local name = "StaticPopup" .. index
  local frame = sim.createFrame("Frame", name, UIParent)
  frame:Hide()
  frame:SetSize(320, 72)
  frame:SetPoint("TOP", 0, -135 * index)
  frame.text = frame:CreateFontString(name .. "Text", "ARTWORK", "GameFontHighlight")
  for number = 1, 3 do
    local button = sim.createFrame("Button", name .. "Button" .. number, frame, "StaticPopupButtonTemplate")
    button:SetScript("OnClick", function() press(frame, number) end)
    frame["button" .. number] = button
  end
  local box = sim.createFrame("EditBox", name .. "EditBox", frame)
  box:SetAutoFocus(false)
  box:Hide()
  box:SetScript("OnEnterPressed", function(self)
    local info = StaticPopupDialogs[frame.which]
    if info and info.EditBoxOnEnterPressed then info.EditBoxOnEnterPressed(self, frame.data) end
  end)
  box:SetScript("OnEscapePressed", function(self)
    local info = StaticPopupDialogs[frame.which]
    if info and info.EditBoxOnEscapePressed then info.EditBoxOnEscapePressed(self, frame.data) end
  end)
  frame.editBox = box
  frame.moneyFrame = sim.createFrame("Frame", name .. "MoneyFrame", frame, "SmallMoneyFrameTemplate")
  frame:SetScript("OnShow", function(self)
    PlaySound("igMainMenuOpen")
    local info = StaticPopupDialogs[self.which]
    if info and info.OnShow then info.OnShow(self, self.data) end
    if info and info.hasEditBox then self.editBox:SetFocus() end
  end)
  frame:SetScript("OnHide", function(self)
    PlaySound("igMainMenuClose")
    local info = StaticPopupDialogs[self.which]
    self.which = nil
    if info and info.OnHide then info.OnHide(self, self.data) end
  end)
  frame:SetScript("OnUpdate", function(self, elapsed)
    local info = StaticPopupDialogs[self.which]
    if self.timeleft and self.timeleft > 0 then
      self.timeleft = self.timeleft - elapsed
      if self.timeleft <= 0 then
        if info and info.OnCancel and not info.noCancelOnTimeout then info.OnCancel(self, self.data, "timeout") end
        return self:Hide()
      end
    end
    if info and info.OnUpdate then info.OnUpdate(self, elapsed) end
  end)
  frames[index] = frame
end

function StaticPopup_Visible(which)
  for _, frame in ipairs(frames) do
    if frame:IsShown() and frame.which == which then return frame:GetName(), frame end
  end
end

function StaticPopup_FindVisible(which, data)
  local _, frame = StaticPopup_Visible(which)
  if frame and (data == nil or frame.data == data) then return frame end
end

function StaticPopup_Show(which, first, second, data)
  local info = StaticPopupDialogs[which]
  if not info then return nil end
  if info.OnCancel and info.hideOnEscape == nil then info.hideOnEscape = nil end
  local _, frame = StaticPopup_Visible(which)
  if frame and not info.multiple then
    if info.OnCancel and not info.noCancelOnReuse then info.OnCancel(frame, frame.data, "override") end
    frame:Hide()
  else
    frame = nil
    for _, candidate in ipairs(frames) do
      if not candidate:IsShown() then
        frame = candidate
        break
      end
    end
    if not frame then
      if info.OnCancel then info.OnCancel(nil, data, "nospace") end
      return nil
    end
  end
  frame.which, frame.data, frame.data2, frame.timeleft = which, data, nil, info.timeout
  frame.text:SetText(format(info.text or "", first, second))
  frame.text.text_arg1, frame.text.text_arg2 = first, second
  for number = 1, 3 do
    local label = info["button" .. number]
    frame["button" .. number]:SetText(label or "")
    if label then frame["button" .. number]:Show() else frame["button" .. number]:Hide() end
    frame["button" .. number]:Enable()
  end
  frame.editBox:SetText("")
  if info.maxLetters then frame.editBox:SetMaxLetters(info.maxLetters) end
  if info.hasEditBox then frame.editBox:Show() else frame.editBox:Hide() end
  frame:Show()
  return frame
end

function StaticPopup_Hide(which, data)
  for _, frame in ipairs(frames) do
    if frame:IsShown() and frame.which == which and (data == nil or frame.data == data) then frame:Hide() end
  end
end

function StaticPopup_EscapePressed()
  local closed
  for _, frame in ipairs(frames) do
    local info = frame:IsShown() and StaticPopupDialogs[frame.which]
    if info and info.hideOnEscape then
      if info.OnCancel and not info.noCancelOnEscape then info.OnCancel(frame, frame.data, "clicked") end
      frame:Hide()
      closed = 1
    end
  end
  return closed
end

function StaticPopup_OnClick(frame, index) press(frame, index) end
