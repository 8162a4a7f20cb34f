-- Letters: the letters that character names are made of, their scripts and their cases. Lua's own upper and lower know
-- ASCII only. The blocks are those that the game's servers accept: basic Latin, Latin-1, Latin Extended-A, Russian.

local _, ns = ...
local Letters = {}
ns.Letters = Letters

local scripts, lowers, uppers = {}, {}, {}

local function pair(script, upper, lower)
  scripts[upper], scripts[lower] = script, script
  lowers[upper], uppers[lower] = lower, upper
end

local function shifted(script, first, last, distance)
  for code = first, last do
    pair(script, code, code + distance)
  end
end

local function neighbours(first, last)
  for code = first, last, 2 do
    pair("latin", code, code + 1)
  end
end

shifted("latin", 0x41, 0x5A, 32)
shifted("latin", 0xC0, 0xD6, 32)
shifted("latin", 0xD8, 0xDE, 32)
scripts[0xDF] = "latin" -- ß has no capital of one letter: it stays
pair("latin", 0x178, 0xFF) -- ÿ has its capital outside Latin-1
-- The gaps are letters without a one-to-one case (İ ı ĸ ŉ ſ), which names may not hold.
neighbours(0x100, 0x12E)
neighbours(0x132, 0x136)
neighbours(0x139, 0x147)
neighbours(0x14A, 0x176)
neighbours(0x179, 0x17D)
shifted("cyrillic", 0x410, 0x42F, 32)
pair("cyrillic", 0x401, 0x451)

--- "latin", "cyrillic", or nil for what is no letter of a name.
function Letters.script(code)
  return scripts[code]
end

--- The lower case of a code point; what has none stays.
function Letters.lower(code)
  return lowers[code] or code
end

--- The upper case of a code point; what has none stays.
function Letters.upper(code)
  return uppers[code] or code
end

local SPACES = { [0x20] = true, [0xA0] = true, [0x1680] = true, [0x202F] = true, [0x205F] = true, [0x3000] = true }
for code = 0x09, 0x0D do
  SPACES[code] = true
end
for code = 0x2000, 0x200A do
  SPACES[code] = true
end
SPACES[0x2028], SPACES[0x2029], SPACES[0xFEFF] = true, true, true

--- The code points without the white space at both ends. A new list.
function Letters.trim(codes)
  local first, last = 1, #codes
  while first <= last and SPACES[codes[first]] do
    first = first + 1
  end
  while last >= first and SPACES[codes[last]] do
    last = last - 1
  end
  local kept = {}
  for index = first, last do
    table.insert(kept, codes[index])
  end
  return kept
end
