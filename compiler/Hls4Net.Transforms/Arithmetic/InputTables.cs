using System.Numerics;
using Hls4Net.Core.Netlists;
using Hls4Net.Core.Numbers;
using Hls4Net.Core.Text;
using Hls4Net.Transforms.Scheduling;

namespace Hls4Net.Transforms.Arithmetic;

/// <summary>A sum over a group of inputs as a table: Σ Factor · input − Offset for every code of the inputs.</summary>
/// <param name="Factors">One for each input of the group.</param>
/// <param name="Offset">The least value of the sum, so that no entry is negative.</param>
/// <param name="Entries">By the bits of the inputs, the first input lowest; codes that an input never has repeat the nearest that it has.</param>
public sealed record InputTable(int Group, Seq<BigInteger> Factors, BigInteger Offset, Seq<long> Entries);

/// <summary>
/// Constant sums with tables in place of groups of inputs that have few bits together: 3·a − 7·b + c with two bits each is one table of 64
/// entries, every bit of which is one look-up table of the device, where adders take one for every position of every signed digit.
/// </summary>
/// <param name="Groups">The inputs of each group.</param>
/// <param name="Kept">The inputs of the original problem that sums still read; they follow the tables among the inputs of the problem.</param>
/// <param name="Problem">The same rows as sums of tables and inputs.</param>
public sealed record InputTables(Seq<Seq<int>> Groups, Seq<InputTable> Tables, Seq<int> Kept, LinearProblem Problem)
{
    /// <summary>A group never has more bits than this.</summary>
    private const int MostBits = 6;

    /// <summary>Inputs of more bits are added: a group would have only one or two of them.</summary>
    private const int WidestInput = 3;

    /// <summary>How many inputs are looked at to find the one that has most rows in common with a group.</summary>
    private const int Neighbours = 64;

    /// <summary>Sums of longer factors are not put into tables.</summary>
    private const int LongestFactor = 48;

    /// <summary>The problem with tables, or null if there is nothing to put into tables.</summary>
    /// <param name="lutInputs">Inputs of a look-up table of the device: the bits of a group.</param>
    public static InputTables? Of(LinearProblem problem, int lutInputs)
    {
        var most = Math.Min(lutInputs, MostBits);
        var narrow = Enumerable.Range(0, problem.Inputs.Count).Where(k => problem.Inputs[k].Low < problem.Inputs[k].High
            && TypeOf(problem.Inputs[k]).Width <= Math.Min(WidestInput, most)).ToList();
        if (narrow.Count < 2 || problem.Rows.Any(r => r.Terms.Any(t => t.Factor.GetBitLength() > LongestFactor)))
            return null;
        var tables = new Maker(problem, narrow, most).Run();
        return tables.Tables.Count > 0 ? tables : null;
    }

    /// <summary>
    /// Look-up tables of the device that the tables take: one for every bit but those that are always the same, are a bit of an input, or
    /// occur in another table of the group.
    /// </summary>
    public int Luts()
    {
        var known = new HashSet<(int Group, ulong Bits)>();
        for (var g = 0; g < Groups.Count; g++)
        {
            var inputs = (int)BigInteger.Log2(Tables.First(t => t.Group == g).Entries.Count);
            known.Add((g, 0));
            for (var bit = 0; bit < inputs; bit++)
                known.Add((g, Normal(code => code >> bit & 1, 1 << inputs)));
        }
        var before = known.Count;
        foreach (var table in Tables)
        {
            var width = (int)new BigInteger(table.Entries.Max()).GetBitLength();
            for (var bit = 0; bit < width; bit++)
                known.Add((table.Group, Normal(code => table.Entries[code] >> bit & 1, table.Entries.Count)));
        }
        return known.Count - before;
    }

    /// <summary>Adds the tables as cells.</summary>
    /// <param name="nets">The net of each input of the original problem.</param>
    /// <returns>The net of each input of <see cref="Problem"/>.</returns>
    internal int[] Write(ModuleBuilder builder, LinearProblem original, IReadOnlyList<int> nets)
    {
        var addresses = Groups.Select(g => builder.Concatenate(
            [.. g.Select(k => builder.Reinterpret(builder.Resize(nets[k], TypeOf(original.Inputs[k]).Width), signed: false))], signed: false)).ToArray();
        var tables = Tables.Select((table, k) =>
        {
            var range = new Interval(Problem.Inputs[k].Low, Problem.Inputs[k].High, 0);
            return builder.Add("table", range.Type, range, r => new Rom(r, addresses[table.Group], table.Entries, $"a sum of {table.Factors.Count(f => !f.IsZero)} inputs"));
        });
        return [.. tables, .. Kept.Select(k => nets[k])];
    }

    /// <summary>What an input of a group is for an address.</summary>
    internal static BigInteger ValueOf(LinearInput input, int code)
    {
        var type = TypeOf(input);
        var raw = type.Signed && (code >> (type.Width - 1) & 1) != 0 ? code - (1 << type.Width) : code;
        return BigInteger.Clamp(raw, input.Low, input.High);
    }

    internal static FixedType TypeOf(LinearInput input) => new Interval(input.Low, input.High, 0).Type;

    /// <summary>A bit of a table for all codes; a bit and its opposite are the same.</summary>
    private static ulong Normal(Func<int, long> bit, int codes)
    {
        var bits = 0UL;
        for (var code = 0; code < codes; code++)
            bits |= (ulong)bit(code) << code;
        return (bits & 1) == 0 ? bits : ~bits & (codes == 64 ? ulong.MaxValue : (1UL << codes) - 1);
    }

    private sealed class Maker(LinearProblem problem, List<int> narrow, int most)
    {
        private readonly Dictionary<(int Row, int Input), BigInteger> _factors = problem.Rows
            .SelectMany((r, k) => r.Terms.Select(t => (Key: (k, t.Input), t.Factor))).ToDictionary(p => p.Key, p => p.Factor);

        private readonly HashSet<int>[] _rows = [.. problem.Inputs.Select(_ => new HashSet<int>())];
        private readonly List<InputTable> _tables = [];
        private readonly Dictionary<(int Group, Seq<BigInteger> Factors), int> _known = [];

        public InputTables Run()
        {
            foreach (var (row, input) in _factors.Keys)
                _rows[input].Add(row);
            var groups = Groups();
            // Terms on tables, and those that stay.
            var rows = problem.Rows.Select(r => (Tables: new List<(int Table, BigInteger Factor)>(), Kept: r.Terms.ToDictionary(t => t.Input, t => t.Factor), Offset: BigInteger.Zero)).ToArray();
            for (var g = 0; g < groups.Count; g++)
            {
                for (var row = 0; row < rows.Length; row++)
                {
                    var factors = groups[g].Select(k => rows[row].Kept.GetValueOrDefault(k)).ToArray();
                    // A single power of two is wires.
                    if (factors.Count(f => !f.IsZero) == 0 || (factors.Count(f => !f.IsZero) == 1 && factors.All(f => f.IsZero || BigInteger.Abs(f).IsPowerOfTwo)))
                        continue;
                    var (table, factor) = TableOf(g, groups[g], factors);
                    rows[row].Tables.Add((table, factor));
                    rows[row].Offset += factor * _tables[table].Offset;
                    foreach (var input in groups[g])
                        rows[row].Kept.Remove(input);
                }
            }
            var kept = rows.SelectMany(r => r.Kept.Keys).Distinct().Order().ToList();
            var place = kept.Select((k, n) => (k, n)).ToDictionary(p => p.k, p => _tables.Count + p.n);
            var inputs = _tables.Select(t => new LinearInput(0, t.Entries.Max(), groups[t.Group].Max(k => problem.Inputs[k].Arrival) + DelayModel.TableDelay))
                .Concat(kept.Select(k => problem.Inputs[k])).ToSeq();
            var all = rows.Select((r, k) => new LinearRow(
                r.Tables.Concat(r.Kept.Select(t => (place[t.Key], t.Value))).OrderBy(t => t.Item1).ToSeq(), problem.Rows[k].Constant + r.Offset, problem.Rows[k].Bits)).ToSeq();
            // Groups that no row uses as a table go.
            var used = _tables.Select(t => t.Group).Distinct().Order().ToList();
            return new(used.Select(g => groups[g].ToSeq()).ToSeq(), _tables.Select(t => t with { Group = used.IndexOf(t.Group) }).ToSeq(), kept.ToSeq(), new(inputs, all));
        }

        /// <summary>Inputs that many rows read together, as many as fit into the address of a table.</summary>
        private List<List<int>> Groups()
        {
            var groups = new List<List<int>>();
            var open = new LinkedList<int>(narrow);
            while (open.First is { } first)
            {
                open.RemoveFirst();
                var group = new List<int> { first.Value };
                var room = most - TypeOf(problem.Inputs[first.Value]).Width;
                while (open.Where(k => TypeOf(problem.Inputs[k]).Width <= room).Take(Neighbours).Select(k => (int?)k)
                    .MaxBy(k => group.Sum(g => Common(_rows[g], _rows[k!.Value]))) is { } best)
                {
                    open.Remove(best);
                    group.Add(best);
                    room -= TypeOf(problem.Inputs[best]).Width;
                }
                groups.Add(group);
            }
            return groups;
        }

        private static int Common(HashSet<int> a, HashSet<int> b) => a.Count(b.Contains);

        /// <summary>The table of a sum up to a factor, which is returned with it: a power of two or minus one.</summary>
        private (int Table, BigInteger Factor) TableOf(int group, List<int> inputs, BigInteger[] factors)
        {
            var shift = factors.Where(f => !f.IsZero).Min(f => (int)BigInteger.TrailingZeroCount(f));
            var unit = (factors.First(f => !f.IsZero).Sign < 0 ? BigInteger.MinusOne : BigInteger.One) << shift;
            var normal = factors.Select(f => f / unit).ToSeq();
            if (_known.TryGetValue((group, normal), out var known))
                return (known, unit);
            var widths = inputs.ConvertAll(k => TypeOf(problem.Inputs[k]).Width);
            var sums = new BigInteger[1 << widths.Sum()];
            for (var code = 0; code < sums.Length; code++)
            {
                var rest = code;
                for (var k = 0; k < inputs.Count; rest >>= widths[k++])
                    sums[code] += normal[k] * ValueOf(problem.Inputs[inputs[k]], rest & (1 << widths[k]) - 1);
            }
            var least = sums.Min();
            _tables.Add(new(group, normal, least, sums.Select(s => (long)(s - least)).ToSeq()));
            return (_known[(group, normal)] = _tables.Count - 1, unit);
        }
    }
}
