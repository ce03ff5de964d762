using System.Numerics;

namespace Hls4Net.Core.Netlists;

/// <summary>
/// The meaning of every cell, on bit patterns: each value is kept as the unsigned integer of its bits. Works on any integer type that
/// has room for the widest net.
/// </summary>
internal sealed class CycleEngine<T> : ICycleEngine
    where T : IBinaryInteger<T>
{
    private readonly FlatNetlist _flat;
    private readonly T[] _values;
    private readonly Func<T>[] _functions;
    private readonly int[] _targets;
    private readonly (int Result, int Source)[] _registers;
    private readonly T[] _next;
    private readonly (int Result, int Address, T[] Entries)[] _memories;
    private readonly T[] _read;
    private readonly Line[] _lines;
    private T[]? _taken;

    public CycleEngine(FlatNetlist flat)
    {
        _flat = flat;
        _values = new T[flat.Nets.Count];
        Array.Fill(_values, T.Zero);
        _registers = [.. flat.Cells.OfType<Unary>().Where(c => c is Register or State).Select(r => (r.Result, r.Source))];
        _next = new T[_registers.Length];
        _memories = [.. flat.Cells.OfType<BlockRom>().Select(m => (m.Result, m.Address, Patterns(m.Entries, m.Result)))];
        _read = new T[_memories.Length];
        _lines = [.. flat.Cells.OfType<DelayLine>().Select(l => new Line(l.Result, l.Source, l.Enable, new T[l.Depth]))];
        var combinational = flat.Cells.Where(c => c is not (Register or State or BlockRom or DelayLine)).ToArray();
        foreach (var state in flat.Cells.OfType<State>())
            _values[state.Result] = Pattern(state.Initial, W(state.Result));
        _targets = [.. combinational.Select(c => c.Result)];
        _functions = [.. combinational.Select(Compile)];
    }

    public void Set(int slot, BigInteger raw) => _values[slot] = Pattern(raw, _flat.Nets[slot].Width);

    public BigInteger Get(int slot)
    {
        var net = _flat.Nets[slot];
        var pattern = BigInteger.CreateChecked(_values[slot]);
        return net.Signed && pattern >> (net.Width - 1) != 0 ? pattern - (BigInteger.One << net.Width) : pattern;
    }

    public void Settle()
    {
        for (var k = 0; k < _functions.Length; k++)
            _values[_targets[k]] = _functions[k]();
    }

    public void Clock()
    {
        for (var k = 0; k < _registers.Length; k++)
            _next[k] = _values[_registers[k].Source];
        for (var k = 0; k < _memories.Length; k++)
            _read[k] = _memories[k].Entries[int.CreateChecked(_values[_memories[k].Address])];
        foreach (var line in _lines)
            line.Read(_values);
        for (var k = 0; k < _registers.Length; k++)
            _values[_registers[k].Result] = _next[k];
        for (var k = 0; k < _memories.Length; k++)
            _values[_memories[k].Result] = _read[k];
        foreach (var line in _lines)
            line.Show(_values);
    }

    /// <summary>A delay line: a ring of as many words as it is deep, of which the oldest is at its end.</summary>
    private sealed class Line(int result, int source, int enable, T[] words)
    {
        private int _oldest;

        /// <summary>Takes the source in the place of the oldest word, which has been shown.</summary>
        public void Read(T[] values)
        {
            if (T.IsZero(values[enable]))
                return;
            words[_oldest] = values[source];
            _oldest = _oldest + 1 == words.Length ? 0 : _oldest + 1;
        }

        public void Show(T[] values) => values[result] = words[_oldest];
    }

    public void TakeChanges(ICollection<int> changed)
    {
        for (var k = 0; k < _values.Length; k++)
        {
            if (_taken is null || _values[k] != _taken[k])
                changed.Add(k);
        }
        _taken ??= new T[_values.Length];
        _values.CopyTo(_taken, 0);
    }

    public void WriteBits(int slot, Span<char> digits)
    {
        var value = _values[slot];
        Span<byte> bytes = stackalloc byte[Math.Max(value.GetByteCount(), (digits.Length + 7) / 8)];
        bytes.Clear();
        value.WriteLittleEndian(bytes);
        for (var k = 0; k < digits.Length; k++)
            digits[^(k + 1)] = (bytes[k >> 3] >> (k & 7) & 1) == 0 ? '0' : '1';
    }

    private Func<T> Compile(Function cell)
    {
        var v = _values;
        var mask = Mask(W(cell.Result));
        return cell switch
        {
            Constant c => Always(Pattern(c.Value, W(c.Result))),
            Slice c => () => (v[c.Source] >>> c.Low) & mask,
            Concatenation c => Concatenate(c),
            Extension c => () => SignExtended(c.Source) & mask,
            Await c => () => v[c.Source],
            Adder c => () => unchecked(v[c.Left] + v[c.Right]) & mask,
            Subtractor c => () => unchecked(v[c.Left] - v[c.Right]) & mask,
            TernaryAdder { Subtracted: 0 } c => () => unchecked(v[c.First] + v[c.Second] + v[c.Third]) & mask,
            TernaryAdder { Subtracted: 1 } c => () => unchecked(v[c.First] + v[c.Second] - v[c.Third]) & mask,
            TernaryAdder c => () => unchecked(v[c.First] - v[c.Second] - v[c.Third]) & mask,
            Negator c => () => unchecked(T.Zero - v[c.Source]) & mask,
            Multiplier c => () => unchecked(SignExtended(c.Left) * SignExtended(c.Right)) & mask,
            LessThan c => Less(c),
            EqualTo c => () => v[c.Left] == v[c.Right] ? T.One : T.Zero,
            BitwiseAnd c => () => v[c.Left] & v[c.Right],
            BitwiseOr c => () => v[c.Left] | v[c.Right],
            BitwiseXor c => () => v[c.Left] ^ v[c.Right],
            BitwiseNot c => () => v[c.Source] ^ mask,
            OrReduction c => () => T.IsZero(v[c.Source]) ? T.Zero : T.One,
            AndReduction c => All(c),
            Multiplexer c => () => T.IsZero(v[c.Condition]) ? v[c.Otherwise] : v[c.Then],
            Rom c => Read(c),
            LinearSum c => Sum(c),
            _ => throw new InvalidOperationException($"The cycle model has no meaning for {cell.GetType().Name}."),
        };
    }

    private static Func<T> Always(T value) => () => value;

    private Func<T> Concatenate(Concatenation cell)
    {
        var v = _values;
        var parts = cell.Parts.ToArray();
        var widths = parts.Select(W).ToArray();
        return () =>
        {
            var result = T.Zero;
            for (var k = parts.Length - 1; k >= 0; k--)
                result = (result << widths[k]) | v[parts[k]];
            return result;
        };
    }

    /// <summary>Flipping the sign bits turns the signed order into the unsigned one.</summary>
    private Func<T> Less(LessThan cell)
    {
        var v = _values;
        var flip = _flat.Nets[cell.Left].Signed ? T.One << (W(cell.Left) - 1) : T.Zero;
        return () => (v[cell.Left] ^ flip) < (v[cell.Right] ^ flip) ? T.One : T.Zero;
    }

    private Func<T> All(AndReduction cell)
    {
        var v = _values;
        var all = Mask(W(cell.Source));
        return () => v[cell.Source] == all ? T.One : T.Zero;
    }

    private Func<T> Read(Rom cell)
    {
        var v = _values;
        var entries = Patterns(cell.Entries, cell.Result);
        return () => entries[int.CreateChecked(v[cell.Address])];
    }

    private T[] Patterns(Core.Text.Seq<long> entries, int result) => [.. entries.Select(e => Pattern(e, W(result)))];

    private Func<T> Sum(LinearSum cell)
    {
        var width = W(cell.Result);
        var mask = Mask(width);
        var nets = cell.Terms.Select(t => t.Net).ToArray();
        var factors = cell.Terms.Select(t => Pattern(t.Factor, Room(width))).ToArray();
        var constant = Pattern(cell.Constant, width);
        return () =>
        {
            var sum = constant;
            for (var k = 0; k < nets.Length; k++)
                sum = unchecked(sum + (factors[k] * (SignExtended(nets[k]) & mask))) & mask;
            return sum;
        };
    }

    /// <summary>The value with copies of its sign in all bits above it; those of a big integer do not end.</summary>
    private T SignExtended(int slot)
    {
        var net = _flat.Nets[slot];
        var value = _values[slot];
        if (!net.Signed || T.IsZero(value >>> (net.Width - 1)))
            return value;
        return unchecked(value - (T.One << (net.Width - 1)) - (T.One << (net.Width - 1)));
    }

    private static int Room(int width) => typeof(T) == typeof(ulong) ? 64 : width;

    private static T Mask(int width) => unchecked((T.One << (width - 1)) - T.One + (T.One << (width - 1)));

    private static T Pattern(BigInteger raw, int width) => T.CreateChecked(raw & ((BigInteger.One << width) - 1));

    private int W(int net) => _flat.Nets[net].Width;
}
