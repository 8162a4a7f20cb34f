-- Panel: the mail queue as the streamer sees it, in one of the client's own window frames. Opens beside the mailbox and
-- closes with it; /mgm shows it anywhere.

local _, ns = ...
local L, Mail, PanelRow = ns.L, ns.Mail, ns.PanelRow
local Panel = {}
ns.Panel = Panel

local LINES = 10
local LIST_WIDTH = 310
local ART = "Interface\\PaperDollInfoFrame\\UI-Character-General-"

local frame, hint, button, count
local lines = {}
local chosenId
local offset = 0
local openedByMailbox = false

-- Newest business first: what needs the streamer, then what is done.
local RANKS = { PROCESSING = 1, UNKNOWN = 2, READY = 3, WAITING = 4, SENT = 5 }

local function sortedRows()
  local sorted, places = {}, {}
  for index, row in ipairs(Mail.queue.data.rows) do
    sorted[index], places[row] = row, index
  end
  table.sort(sorted, function(one, other)
    if RANKS[one.status] ~= RANKS[other.status] then
      return RANKS[one.status] < RANKS[other.status]
    end
    return places[one] < places[other]
  end)
  return sorted
end

local function hintText(rows)
  if #rows == 0 and not ns.db.key then
    return L.NO_KEY
  elseif Mail.queue.armed then
    return L.PRESS_SEND
  elseif not Mail.isMailboxOpen() then
    return L.CLOSED
  end
  return ""
end

local function update()
  if not frame or not frame:IsShown() then
    return
  end
  local rows = sortedRows()
  offset = math.max(0, math.min(offset, #rows - LINES))
  for index, line in ipairs(lines) do
    local row = rows[offset + index]
    PanelRow.show(line, row, row and row.id == chosenId, row and row == Mail.queue.armed)
  end
  hint:SetText(hintText(rows))
  if #rows == 0 then
    frame.empty:Show()
  else
    frame.empty:Hide()
  end
  count:SetText(#rows > LINES and string.format("%d–%d / %d", offset + 1, math.min(offset + LINES, #rows), #rows) or "")
  local canPrepare = Mail.isMailboxOpen() and not Mail.queue.data.flight and Mail.queue:nextReady(chosenId)
  if canPrepare then
    button:Enable()
  else
    button:Disable()
  end
end

local function prepare()
  local row, problem = Mail.prepare(chosenId)
  -- That a stack is gone is told to everybody, see Toasts.
  if not row and problem ~= "gone" then
    ns.Toasts.show(L["PREPARE_" .. problem], "bad")
  end
  chosenId = nil
  update()
end

local function addArt(name, width, height, point)
  local art = frame:CreateTexture(nil, "ARTWORK")
  art:SetTexture(ART .. name)
  art:SetWidth(width)
  art:SetHeight(height)
  art:SetPoint(point)
end

local function addText(template, point, x, y, width)
  local text = frame:CreateFontString(nil, "OVERLAY", template)
  text:SetPoint(point, frame, point, x, y)
  if width then
    text:SetWidth(width)
  end
  return text
end

local function createFrame()
  frame = CreateFrame("Frame", nil, UIParent)
  frame:SetWidth(384)
  frame:SetHeight(512)
  frame:SetHitRectInsets(0, 30, 0, 70)
  frame:SetToplevel(true)
  frame:SetMovable(true)
  frame:EnableMouse(true)
  frame:EnableMouseWheel(true)
  frame:RegisterForDrag("LeftButton")
  frame:SetScript("OnDragStart", frame.StartMoving)
  frame:SetScript("OnDragStop", frame.StopMovingOrSizing)
  frame:SetScript("OnShow", update)
  frame:SetScript("OnMouseWheel", function(_, delta)
    offset = offset - delta
    update()
  end)
  local portrait = frame:CreateTexture(nil, "BACKGROUND")
  portrait:SetTexture(ns.icon)
  portrait:SetWidth(60)
  portrait:SetHeight(60)
  portrait:SetPoint("TOPLEFT", frame, "TOPLEFT", 7, -6)
  addArt("TopLeft", 256, 256, "TOPLEFT")
  addArt("TopRight", 128, 256, "TOPRIGHT")
  addArt("BottomLeft", 256, 256, "BOTTOMLEFT")
  addArt("BottomRight", 128, 256, "BOTTOMRIGHT")
end

local function createContents()
  addText("GameFontNormal", "TOP", 6, -18):SetText(L.TITLE)
  hint = addText("GameFontHighlightSmall", "TOP", 20, -46, 260)
  frame.empty = addText("GameFontDisable", "CENTER", -6, 40, 260)
  frame.empty:SetText(L.EMPTY)
  count = addText("GameFontHighlightSmall", "BOTTOMLEFT", 24, 88)
  local close = CreateFrame("Button", nil, frame, "UIPanelCloseButton")
  close:SetPoint("TOPRIGHT", frame, "TOPRIGHT", -28, -8)
  close:SetScript("OnClick", function()
    frame:Hide()
  end)
  button = CreateFrame("Button", nil, frame, "UIPanelButtonTemplate")
  button:SetWidth(130)
  button:SetHeight(22)
  button:SetPoint("BOTTOMRIGHT", frame, "BOTTOMRIGHT", -42, 82)
  button:SetText(L.PREPARE)
  button:SetScript("OnClick", prepare)
  for index = 1, LINES do
    local line = PanelRow.create(frame, LIST_WIDTH, function(row)
      chosenId = row.id ~= chosenId and row.id or nil
      update()
    end)
    line:SetPoint("TOPLEFT", frame, "TOPLEFT", 24, -78 - (index - 1) * PanelRow.height)
    lines[index] = line
  end
end

local function create()
  createFrame()
  createContents()
  frame:Hide()
end

local function show(besideMailbox)
  if not frame then
    create()
  end
  frame:ClearAllPoints()
  if besideMailbox then
    frame:SetPoint("TOPLEFT", MailFrame, "TOPRIGHT", -30, 0)
  else
    frame:SetPoint("CENTER")
  end
  frame:Show()
  update()
end

--- Shows the panel, or hides it.
function Panel.toggle()
  if frame and frame:IsShown() then
    frame:Hide()
  else
    openedByMailbox = false
    show(Mail.isMailboxOpen())
  end
end

--- Whether it is on the screen.
function Panel.isShown()
  return frame ~= nil and frame:IsShown() and true or false
end

--- Presses Prepare Mail, as the button does.
Panel.prepare = prepare

ns.listen("MAIL", update)

ns.listen("MAILBOX", function(isOpen)
  if isOpen and not Panel.isShown() then
    openedByMailbox = true
    show(true)
  elseif not isOpen and openedByMailbox and frame then
    openedByMailbox = false
    frame:Hide()
  end
  update()
end)
