using System.Globalization;
using Hls4Net.Cli.Compilation;
using Hls4Net.Cli.Reporting;

namespace Hls4Net.Cli.Reports;

/// <summary>The network as a drawing: what the template needs to place boxes, edges and types.</summary>
internal static class NetworkDrawing
{
    private const double NodeWidth = 200;
    private const double SmallWidth = 132;
    private const double NodeHeight = 46;
    private const double RowHeight = 96;
    private const double Margin = 12;

    /// <summary>Room right of the last column for the types on its edges.</summary>
    private const double LabelRoom = 96;

    private const int NameLength = 27;
    private const int SmallNameLength = 16;

    public static Dictionary<string, object> Of(NetworkEntry network, HardwareEntry? hardware)
    {
        var widths = network.Nodes.Select(n => n.Kind == "node" ? NodeWidth : SmallWidth).ToList();
        // Edges between the same two nodes are drawn as one, with the first one's type.
        var edges = network.Edges.DistinctBy(e => (e.From, e.To)).ToList();
        var layout = new LayeredLayout(widths, [.. edges.Select(e => (e.From, e.To))]);
        return new(StringComparer.Ordinal)
        {
            ["width"] = Number(layout.Width + 2 * Margin + LabelRoom),
            ["height"] = Number((layout.Rows - 1) * RowHeight + NodeHeight + 2 * Margin),
            ["nodes"] = network.Nodes.Select((n, i) => Node(n, layout, i, widths[i], hardware)).ToList(),
            ["edges"] = edges.Select((e, i) => Edge(e, layout, i)).ToList(),
            ["labels"] = edges.Select((e, i) => (Edge: e, Index: i)).DistinctBy(e => e.Edge.Value).Select(e => Label(e.Edge, layout, e.Index)).ToList(),
        };
    }

    private static Dictionary<string, object> Node(NodeEntry node, LayeredLayout layout, int index, double width, HardwareEntry? hardware)
    {
        var luts = hardware?.Estimate?.Total is { } total && total.Luts + total.MemoryLuts > 0
            && Array.Find(hardware.Layers, l => l.Node == node.Name || l.Node.StartsWith($"{node.Name}, ", StringComparison.Ordinal)) is { Resources: { } own }
            ? (double)(own.Luts + own.MemoryLuts) / (total.Luts + total.MemoryLuts) : 0;
        var isSmall = node.Kind != "node";
        return new(StringComparer.Ordinal)
        {
            ["kind"] = node.Kind,
            ["x"] = Number(layout.X[index] + Margin - width / 2),
            ["y"] = Number(Top(layout, index)),
            ["middle"] = Number(layout.X[index] + Margin),
            ["first"] = Number(Top(layout, index) + 19),
            ["second"] = Number(Top(layout, index) + 35),
            ["width"] = Number(width),
            ["title"] = CellText.OneLine(node.Name),
            ["operator"] = CellText.Shorten(isSmall ? node.Kind : node.Operator, isSmall ? SmallNameLength : NameLength),
            ["name"] = CellText.Shorten(node.Name, isSmall ? SmallNameLength : NameLength),
            ["bar_y"] = Number(Top(layout, index) + NodeHeight - 4),
            ["bar"] = Number((width - 16) * luts),
            ["bar_x"] = Number(layout.X[index] + Margin - width / 2 + 8),
            ["luts"] = luts > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100 * luts:0.#} % of the LUTs are its layer's") : "no LUTs of its own",
        };
    }

    private static Dictionary<string, object> Edge(EdgeEntry edge, LayeredLayout layout, int index)
    {
        var places = layout.PlacesOf(index);
        var path = new System.Text.StringBuilder();
        for (var i = 0; i < places.Count; i++)
        {
            var (x, y) = (layout.X[places[i]] + Margin, i == 0 ? Top(layout, places[i]) + NodeHeight : i == places.Count - 1 ? Top(layout, places[i]) - 5 : Top(layout, places[i]) + NodeHeight / 2);
            if (i == 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"M{Number(x)} {Number(y)}");
                continue;
            }
            var before = (X: layout.X[places[i - 1]] + Margin, Y: i == 1 ? Top(layout, places[0]) + NodeHeight : Top(layout, places[i - 1]) + NodeHeight / 2);
            var middle = (before.Y + y) / 2;
            path.Append(CultureInfo.InvariantCulture, $"C{Number(before.X)} {Number(middle)} {Number(x)} {Number(middle)} {Number(x)} {Number(y)}");
        }
        return new(StringComparer.Ordinal) { ["path"] = path.ToString(), ["title"] = $"{CellText.OneLine(edge.Value)}: {edge.Type} [{Shape(edge)}]" };
    }

    private static Dictionary<string, object> Label(EdgeEntry edge, LayeredLayout layout, int index)
    {
        var places = layout.PlacesOf(index);
        // Where the edge has gone a quarter of the way to the next row, it is still near its own node.
        var x = layout.X[places[0]] * 0.6 + layout.X[places[1]] * 0.4 + Margin + 8;
        var y = Top(layout, places[0]) + NodeHeight + 24;
        return new(StringComparer.Ordinal)
        {
            ["x"] = Number(x),
            ["y"] = Number(y),
            ["below"] = Number(y + 14),
            ["type"] = edge.Type,
            ["shape"] = $"[{Shape(edge)}]",
            ["title"] = CellText.OneLine(edge.Value),
        };
    }

    /// <summary>Without the batch extent of 1.</summary>
    private static string Shape(EdgeEntry edge) =>
        string.Join(" × ", (edge.Shape.Length > 1 && edge.Shape[0] == 1 ? edge.Shape[1..] : edge.Shape).Select(n => n.ToString(CultureInfo.InvariantCulture)));

    private static double Top(LayeredLayout layout, int place) => layout.RowOf(place) * RowHeight + Margin;

    private static string Number(double x) => x.ToString("0.#", CultureInfo.InvariantCulture);
}
