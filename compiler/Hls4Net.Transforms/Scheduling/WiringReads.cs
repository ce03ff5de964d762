using Hls4Net.Core.Netlists;
using Hls4Net.Core.Text;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>Sees through wiring: which bits of which nets somebody reads who reads a net.</summary>
/// <param name="found">Receives a net that is not wiring, the lowest and highest bit that are read, and the reader.</param>
internal sealed class WiringReads(Module module, Action<int, int, int, int> found)
{
    private readonly Function?[] _wiring = WiringOf(module);

    /// <summary>For each net the wiring that drives it, or null.</summary>
    public static Function?[] WiringOf(Module module)
    {
        var wiring = new Function?[module.Nets.Count];
        foreach (var cell in module.Cells.OfType<Function>().Where(c => c.IsWiring))
            wiring[cell.Result] = cell;
        return wiring;
    }

    /// <summary>Somebody reads all bits of a net.</summary>
    public void Read(int net, int reader) => Read(net, 0, module.Nets[net].Width - 1, reader);

    /// <summary>Somebody reads all bits of several nets.</summary>
    public void ReadAll(Seq<int> nets, int reader)
    {
        foreach (var net in nets)
            Read(net, reader);
    }

    /// <summary>Somebody reads some bits of a net.</summary>
    public void Read(int net, int low, int high, int reader)
    {
        switch (_wiring[net])
        {
            case Slice c:
                Read(c.Source, low + c.Low, high + c.Low, reader);
                break;
            case Extension c:
                var top = module.Nets[c.Source].Width - 1;
                if (low <= top || module.Nets[c.Source].Signed)
                    Read(c.Source, Math.Min(low, top), Math.Min(high, top), reader);
                break;
            case Concatenation c:
                ReadParts(c, low, high, reader);
                break;
            case Constant:
                break;
            default:
                found(net, low, high, reader);
                break;
        }
    }

    private void ReadParts(Concatenation cell, int low, int high, int reader)
    {
        var start = 0;
        foreach (var part in cell.Parts)
        {
            var width = module.Nets[part].Width;
            var (from, to) = (Math.Max(low - start, 0), Math.Min(high - start, width - 1));
            if (from <= to)
                Read(part, from, to, reader);
            start += width;
        }
    }

    /// <summary>The parts that lie in a range of bits: which part, its bits, and where the part starts.</summary>
    public static IEnumerable<(int Part, int From, int To, int Start)> PartsOf(Module module, Concatenation cell, int low, int high)
    {
        var start = 0;
        foreach (var part in cell.Parts)
        {
            var width = module.Nets[part].Width;
            var (from, to) = (Math.Max(low - start, 0), Math.Min(high - start, width - 1));
            if (from <= to)
                yield return (part, from, to, start);
            start += width;
        }
    }
}
