/* script_texts.c: the scripts themselves. */
#include "script.h"

/* keys: stream; arguments: group, idle ms that makes an entry due, idle ms that marks a nack
   without delay, delay ms, multiplier, ids.  Answers for each id 0 (not pending), 1 (nacked before,
   and not redelivered since), or 2 + the delay in ms.  The owner keeps the entry, and its delivery
   count does not change. */
static const char nack_text[] =
    "local out = {}\n"
    "local due, mark = tonumber(ARGV[2]), tonumber(ARGV[3])\n"
    "for i = 6, #ARGV do\n"
    "  local p = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)\n"
    "  if p.err then\n"
    "    if not (string.find(p.err, 'NOGROUP') or string.find(p.err, 'Invalid stream ID')) then\n"
    "      return p\n"
    "    end\n"
    "    out[#out + 1] = 0\n"
    "  elseif #p == 0 then\n"
    "    out[#out + 1] = 0\n"
    "  elseif tonumber(p[1][3]) >= mark then\n"
    "    out[#out + 1] = 1\n"
    "  else\n"
    "    local delay = tonumber(ARGV[4]) * tonumber(ARGV[5]) ^ (tonumber(p[1][4]) - 1)\n"
    "    delay = math.min(math.floor(delay), due)\n"
    "    local idle = string.format('%d', delay > 0 and due - delay or mark)\n"
    "    redis.call('XCLAIM', KEYS[1], ARGV[1], p[1][2], 0, ARGV[i], 'IDLE', idle, 'JUSTID')\n"
    "    out[#out + 1] = 2 + delay\n"
    "  end\n"
    "end\n"
    "return out\n";

/* keys: stream; arguments: group, consumer.  A consumer that has nothing pending leaves its group.
 */
static const char leave_text[] =
    "local p = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])\n"
    "if p.err or #p > 0 then return 0 end\n"
    "return redis.pcall('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])\n";

/* keys: dead letter queue, target; arguments: id, payload.  The payload comes from the client: a
   script that decoded and encoded it would ruin it. */
static const char replay_text[] =
    "local t = redis.call('TYPE', KEYS[2]).ok\n"
    "if t ~= 'none' and t ~= 'stream' then\n"
    "  return redis.error_reply('WRONGTYPE the target is no stream')\n"
    "end\n"
    "if redis.call('XDEL', KEYS[1], ARGV[1]) ~= 1 then return 0 end\n"
    "redis.call('XADD', KEYS[2], '*', 'data', ARGV[2])\n"
    "return 1\n";

/* keys: stream; arguments: entries to keep.  Removes, in whole nodes, what every group has been
   delivered and has acknowledged, and never more than the surplus. */
static const char trim_text[] =
    "local function less(a, b)\n"
    "  local am, as = string.match(a, '(%d+)-(%d+)')\n"
    "  local bm, bs = string.match(b, '(%d+)-(%d+)')\n"
    "  if am ~= bm then return #am < #bm or (#am == #bm and am < bm) end\n"
    "  return #as < #bs or (#as == #bs and as < bs)\n"
    "end\n"
    "local surplus = redis.call('XLEN', KEYS[1]) - tonumber(ARGV[1])\n"
    "if surplus <= 0 then return 0 end\n"
    "local groups = redis.call('XINFO', 'GROUPS', KEYS[1])\n"
    "if #groups == 0 then return redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[1]) end\n"
    "local floor\n"
    "for _, group in ipairs(groups) do\n"
    "  local f = {}\n"
    "  for i = 1, #group, 2 do f[group[i]] = group[i + 1] end\n"
    "  local need = f['last-delivered-id']\n"
    "  if f['pending'] > 0 then\n"
    "    local first = redis.call('XPENDING', KEYS[1], f['name'])[2]\n"
    "    if first and less(first, need) then need = first end\n"
    "  end\n"
    "  if not floor or less(need, floor) then floor = need end\n"
    "end\n"
    "local done = redis.pcall('XTRIM', KEYS[1], 'MINID', '~', floor, 'LIMIT', surplus)\n"
    "if type(done) == 'number' then return done end\n"
    "local removed = 0\n"
    "while removed < surplus do\n"
    "  local count = math.min(100, surplus - removed)\n"
    "  local batch = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', count)\n"
    "  local before = removed\n"
    "  for _, entry in ipairs(batch) do\n"
    "    if not less(entry[1], floor) then return removed end\n"
    "    removed = removed + redis.call('XDEL', KEYS[1], entry[1])\n"
    "  end\n"
    "  if removed == before then return removed end\n"
    "end\n"
    "return removed\n";

/* keys: index, times of recording; arguments: partition key. */
static const char record_text[] =
    "local t = redis.call('TIME')\n"
    "redis.call('HSET', KEYS[2], ARGV[1], t[1] * 1000 + math.floor(t[2] / 1000))\n"
    "return redis.call('SADD', KEYS[1], ARGV[1])\n";

/* keys: index, times of recording, the streams of the partition; arguments: partition key, min idle
   ms.  Removes the partition when nobody can need it any more. */
static const char reap_text[] =
    "local t = redis.call('TIME')\n"
    "local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"
    "local recorded = redis.call('HGET', KEYS[2], ARGV[1])\n"
    "if recorded and now - tonumber(recorded) < tonumber(ARGV[2]) then return 0 end\n"
    "for k = 3, #KEYS do\n"
    "  local last = redis.call('XREVRANGE', KEYS[k], '+', '-', 'COUNT', 1)[1]\n"
    "  if last then\n"
    "    local ms = tonumber(string.match(last[1], '%d+'))\n"
    "    if now - ms < tonumber(ARGV[2]) then return 0 end\n"
    "    local groups = redis.pcall('XINFO', 'GROUPS', KEYS[k])\n"
    "    if groups.err or #groups == 0 then return 0 end\n"
    "    for _, group in ipairs(groups) do\n"
    "      local f = {}\n"
    "      for i = 1, #group, 2 do f[group[i]] = group[i + 1] end\n"
    "      if f['pending'] > 0 then return 0 end\n"
    "      local dm, ds = string.match(f['last-delivered-id'], '(%d+)-(%d+)')\n"
    "      local lm, ls = string.match(last[1], '(%d+)-(%d+)')\n"
    "      if #dm < #lm or (#dm == #lm and dm < lm) then return 0 end\n"
    "      if dm == lm and (#ds < #ls or (#ds == #ls and ds < ls)) then return 0 end\n"
    "    end\n"
    "  end\n"
    "end\n"
    "redis.call('SREM', KEYS[1], ARGV[1])\n"
    "redis.call('HDEL', KEYS[2], ARGV[1])\n"
    "for k = 3, #KEYS do redis.call('DEL', KEYS[k]) end\n"
    "return 1\n";

/* keys: lease, generation; arguments: owner, ttl ms. */
static const char acquire_text[] =
    "if redis.call('EXISTS', KEYS[1]) == 1 then return false end\n"
    "local generation = redis.call('INCR', KEYS[2])\n"
    "redis.call('SET', KEYS[1], ARGV[1] .. ':' .. string.format('%d', generation), 'PX', ARGV[2])\n"
    "return generation\n";

/* keys: lease; arguments: token, ttl ms. */
static const char renew_text[] = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end\n"
                                 "redis.call('PEXPIRE', KEYS[1], ARGV[2])\n"
                                 "return 1\n";

/* keys: lease; arguments: token. */
static const char release_text[] = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end\n"
                                   "redis.call('DEL', KEYS[1])\n"
                                   "return 1\n";

/* keys: lease, stream; arguments: token, group, consumer, count, id.  The group is created behind
   the fence, so that a refused read leaves no trace. */
static const char fenced_read_text[] =
    "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('FENCED') end\n"
    "local function read()\n"
    "  return redis.pcall('XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', ARGV[4],\n"
    "    'STREAMS', KEYS[2], ARGV[5])\n"
    "end\n"
    "local r = read()\n"
    "if type(r) == 'table' and r.err and string.find(r.err, 'NOGROUP') then\n"
    "  redis.call('XGROUP', 'CREATE', KEYS[2], ARGV[2], '0', 'MKSTREAM')\n"
    "  r = read()\n"
    "end\n"
    "return r\n";

/* keys: lease, stream; arguments: token, group, min idle ms, cursor, count.  The token is the name
   of the consumer that takes over.  Without the lease it is an error to find something to take. */
static const char fenced_claim_text[] =
    "if redis.call('GET', KEYS[1]) ~= ARGV[1] then\n"
    "  local p = redis.pcall('XPENDING', KEYS[2], ARGV[2], 'IDLE', ARGV[3], '-', '+', 1)\n"
    "  if p.err or #p == 0 then return {'0-0', {}} end\n"
    "  return redis.error_reply('FENCED')\n"
    "end\n"
    "return redis.call('XAUTOCLAIM', KEYS[2], ARGV[2], ARGV[1], ARGV[3], ARGV[4], 'COUNT', "
    "ARGV[5])\n";

/* keys: lease, stream; arguments: token, group, id. */
static const char fenced_ack_text[] =
    "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end\n"
    "return redis.call('XACK', KEYS[2], ARGV[2], ARGV[3])\n";

/* keys: list, position, reads; arguments: count, reader, token ('' when it will not ask again).
   Hands out the next items of a list.  A read that was handed out under this token before is handed
   out again: that is how a lost answer loses nothing. */
static const char take_text[] =
    "local from = tonumber(redis.call('GET', KEYS[2]) or '0')\n"
    "local count = tonumber(ARGV[1])\n"
    "if ARGV[3] ~= '' then\n"
    "  local last = redis.call('HGET', KEYS[3], ARGV[2])\n"
    "  local token, start, size = string.match(last or '', '^(%S+) (%d+) (%d+)$')\n"
    "  if token == ARGV[3] then\n"
    "    return redis.call('LRANGE', KEYS[1], start, tonumber(start) + tonumber(size) - 1)\n"
    "  end\n"
    "end\n"
    "local items = redis.call('LRANGE', KEYS[1], from, from + count - 1)\n"
    "if #items == 0 then return items end\n"
    "redis.call('INCRBY', KEYS[2], #items)\n"
    "if ARGV[3] ~= '' then\n"
    "  local mark = string.format('%s %d %d', ARGV[3], from, #items)\n"
    "  redis.call('HSET', KEYS[3], ARGV[2], mark)\n"
    "end\n"
    "return items\n";

const char *redis_script_text(enum redis_script script)
{
    static const char *const texts[REDIS_SCRIPT_COUNT] = {
        [REDIS_SCRIPT_NACK] = nack_text,
        [REDIS_SCRIPT_LEAVE] = leave_text,
        [REDIS_SCRIPT_REPLAY] = replay_text,
        [REDIS_SCRIPT_TRIM] = trim_text,
        [REDIS_SCRIPT_RECORD] = record_text,
        [REDIS_SCRIPT_REAP] = reap_text,
        [REDIS_SCRIPT_ACQUIRE] = acquire_text,
        [REDIS_SCRIPT_RENEW] = renew_text,
        [REDIS_SCRIPT_RELEASE] = release_text,
        [REDIS_SCRIPT_FENCED_READ] = fenced_read_text,
        [REDIS_SCRIPT_FENCED_CLAIM] = fenced_claim_text,
        [REDIS_SCRIPT_FENCED_ACK] = fenced_ack_text,
        [REDIS_SCRIPT_TAKE] = take_text,
    };

    return texts[script];
}
