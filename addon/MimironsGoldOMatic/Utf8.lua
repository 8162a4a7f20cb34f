-- Utf8: strings as sequences of UTF-8 characters. Lua's own string functions count bytes; names and texts of the game do
-- not.

local _, ns = ...
local Utf8 = {}
ns.Utf8 = Utf8

local REPLACEMENT = "\239\191\189"

local function isContinuation(byte)
  return byte ~= nil and byte >= 0x80 and byte < 0xC0
end

--- How many bytes the character at `at` has, and its code point; nil where the bytes are no UTF-8.
local function decode(text, at)
  local first, second, third, fourth = text:byte(at, at + 3)
  if not first then
    return nil
  elseif first < 0x80 then
    return 1, first
  elseif first < 0xC2 then
    return nil
  elseif first < 0xE0 then
    if isContinuation(second) then
      return 2, (first - 0xC0) * 64 + (second - 0x80)
    end
  elseif first < 0xF0 then
    if isContinuation(second) and isContinuation(third) then
      local code = (first - 0xE0) * 4096 + (second - 0x80) * 64 + (third - 0x80)
      local isSurrogate = code >= 0xD800 and code < 0xE000
      if code >= 0x800 and not isSurrogate then
        return 3, code
      end
    end
  elseif first < 0xF5 then
    if isContinuation(second) and isContinuation(third) and isContinuation(fourth) then
      local code = (first - 0xF0) * 262144 + (second - 0x80) * 4096 + (third - 0x80) * 64 + (fourth - 0x80)
      if code >= 0x10000 and code < 0x110000 then
        return 4, code
      end
    end
  end
  return nil
end

--- The bytes of one code point.
function Utf8.encode(code)
  if code < 0x80 then
    return string.char(code)
  elseif code < 0x800 then
    return string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64)
  elseif code < 0x10000 then
    return string.char(0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
  end
  return string.char(
    0xF0 + math.floor(code / 262144),
    0x80 + math.floor(code / 4096) % 64,
    0x80 + math.floor(code / 64) % 64,
    0x80 + code % 64
  )
end

--- Calls back with each character and its code point; a byte that is no UTF-8 comes alone, without a code point.
function Utf8.each(text, callback)
  local at = 1
  while at <= #text do
    local length, code = decode(text, at)
    length = length or 1
    callback(text:sub(at, at + length - 1), code)
    at = at + length
  end
end

--- The code points of a text; false stands for a byte that is no UTF-8.
function Utf8.codePoints(text)
  local codes = {}
  Utf8.each(text, function(_, code)
    table.insert(codes, code or false)
  end)
  return codes
end

--- The text with every byte that is no UTF-8 replaced, so that JSON may hold it.
function Utf8.repair(text)
  if not text:find("[\128-\255]") then
    return text
  end
  local parts = {}
  Utf8.each(text, function(character, code)
    table.insert(parts, code and character or REPLACEMENT)
  end)
  return table.concat(parts)
end

--- The longest beginning of at most `limit` bytes that cuts no character.
function Utf8.cut(text, limit)
  if #text <= limit then
    return text
  end
  local finish = limit
  while finish > 0 and isContinuation(text:byte(finish + 1)) do
    finish = finish - 1
  end
  return text:sub(1, finish)
end
