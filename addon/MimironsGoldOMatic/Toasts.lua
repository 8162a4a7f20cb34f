-- Toasts: one line in the middle of the screen for what the streamer should notice, one after the other. No sound.

local _, ns = ...
local L = ns.L
local Toasts = {}
ns.Toasts = Toasts

local SHOWN_SECONDS = 5
local FADE_SECONDS = 1
local MOST_WAITING = 5

local COLOURS = { ok = { 0.50, 0.80, 0.63 }, bad = { 0.95, 0.56, 0.50 }, info = { 0.91, 0.71, 0.33 } }

local frame, text
local waiting = {}
local startedAt

local function create()
  frame = CreateFrame("Frame", nil, UIParent)
  frame:SetWidth(420)
  frame:SetHeight(40)
  frame:SetPoint("TOP", UIParent, "TOP", 0, -140)
  frame:SetFrameStrata("HIGH")
  frame:SetBackdrop({
    bgFile = "Interface\\Tooltips\\UI-Tooltip-Background",
    edgeFile = "Interface\\Tooltips\\UI-Tooltip-Border",
    tile = true,
    tileSize = 16,
    edgeSize = 16,
    insets = { left = 4, right = 4, top = 4, bottom = 4 },
  })
  frame:SetBackdropColor(0.10, 0.08, 0.06, 0.9)
  frame:SetBackdropBorderColor(0.54, 0.40, 0.15)
  local icon = frame:CreateTexture(nil, "ARTWORK")
  icon:SetTexture(ns.icon)
  icon:SetWidth(24)
  icon:SetHeight(24)
  icon:SetPoint("LEFT", frame, "LEFT", 10, 0)
  text = frame:CreateFontString(nil, "ARTWORK", "GameFontNormal")
  text:SetPoint("LEFT", icon, "RIGHT", 8, 0)
  text:SetPoint("RIGHT", frame, "RIGHT", -10, 0)
  text:SetJustifyH("LEFT")
  frame:Hide()
end

local function showNext()
  local toast = table.remove(waiting, 1)
  if not toast then
    frame:Hide()
    return
  end
  text:SetText(toast.text)
  text:SetTextColor(unpack(COLOURS[toast.colour]))
  frame:SetAlpha(1)
  startedAt = ns.now()
  frame:Show()
end

local function age()
  local left = startedAt + SHOWN_SECONDS - ns.now()
  if left <= 0 then
    showNext()
  else
    frame:SetAlpha(math.min(1, left / FADE_SECONDS))
  end
end

--- Shows a line; `colour` is "ok", "bad" or "info". The words carry the meaning, the colour only helps.
function Toasts.show(words, colour)
  if not frame then
    create()
    frame:SetScript("OnUpdate", age)
  end
  if #waiting >= MOST_WAITING then
    table.remove(waiting, 1)
  end
  table.insert(waiting, { text = words, colour = colour })
  if not frame:IsShown() then
    showNext()
  end
end

ns.listen("MAIL", function(what, row)
  if what == "sent" then
    Toasts.show(L.TOAST_SENT:format(row.name), "ok")
  elseif what == "failed" then
    Toasts.show(L.TOAST_FAILED:format(row.name), "bad")
  elseif what == "gone" then
    Toasts.show(L.PREPARE_gone, "bad")
  elseif what == "again" then
    Toasts.show(L.PREPARE_busy, "info")
  elseif what == "unknown" then
    Toasts.show(L.TOAST_UNKNOWN:format(row.name), "bad")
  end
end)

ns.listen("ANSWERED", function(question)
  if question.answer == "GIFT_DECLINE" then
    Toasts.show(L.TOAST_DECLINED:format(question.name), "info")
  else
    Toasts.show(L.TOAST_ACCEPTED:format(question.name), "ok")
  end
end)

ns.listen("UPDATE", function(status)
  local isGood = status.code == "current"
  Toasts.show(L["UPDATE_" .. status.code]:format(status.latest), isGood and "ok" or "info")
end)
