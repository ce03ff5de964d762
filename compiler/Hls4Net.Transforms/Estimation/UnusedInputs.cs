using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Estimation;

/// <summary>Elements of an input that the hardware does not read: they need no bits on a link.</summary>
/// <param name="Input">The channel.</param>
/// <param name="Elements">Their places, ascending.</param>
/// <param name="All">How many elements the input has.</param>
/// <param name="Bits">Of one element.</param>
public sealed record UnusedInputs(string Input, IReadOnlyList<int> Elements, int All, int Bits)
{
    /// <summary>Every input of which something is not read. Inputs that come piece by piece are left out: a beat's bits are all there.</summary>
    public static IReadOnlyList<UnusedInputs> Of(HardwareDesign hardware)
    {
        var top = hardware.Netlist.Top;
        var read = top.Cells.SelectMany(c => c.Operands).Concat(top.Outputs.SelectMany(p => p.Nets)).ToHashSet();
        var result = new List<UnusedInputs>();
        foreach (var port in hardware.Ports.Where(p => p is { Role: PortRole.Input, Beats: null } && hardware.Channels.Any(c => c.Channel == p.Channel)))
        {
            var elements = hardware.Channels.First(c => c.Channel == port.Channel).Elements;
            int[] unread = [.. Enumerable.Range(0, elements.Count).Where(k => elements[k].Net >= 0 && !read.Contains(elements[k].Net))];
            if (unread.Length > 0)
                result.Add(new(port.Channel, unread, elements.Count, port.Type.Width));
        }
        return result;
    }
}
