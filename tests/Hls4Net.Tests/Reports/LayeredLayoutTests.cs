using Hls4Net.Cli.Reports;

namespace Hls4Net.Tests.Reports;

public sealed class LayeredLayoutTests
{
    [Fact]
    public void A_chain_stands_in_one_column()
    {
        var layout = new LayeredLayout([100, 60, 100], [(0, 1), (1, 2)]);
        Assert.Equal((3, 100), (layout.Rows, layout.Width));
        Assert.All(layout.X, x => Assert.Equal(50, x, 9));
        Assert.Equal([0, 1], layout.PlacesOf(0));
    }

    [Fact]
    public void Nothing_in_a_row_overlaps_and_an_edge_that_passes_rows_has_a_place_in_each()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 50; trial++)
        {
            var nodes = random.Next(2, 30);
            var widths = Enumerable.Range(0, nodes).Select(_ => 50.0 + random.Next(150)).ToList();
            var edges = Enumerable.Range(1, nodes - 1).SelectMany(to => Enumerable.Range(0, random.Next(1, 3)).Select(_ => (random.Next(to), to))).Distinct().ToList();
            var layout = new LayeredLayout(widths, edges);
            for (var e = 0; e < edges.Count; e++)
            {
                var rows = layout.PlacesOf(e).Select(layout.RowOf).ToList();
                Assert.Equal(Enumerable.Range(rows[0], rows.Count), rows);
                Assert.True(rows.Count >= 2);
            }
            foreach (var row in Enumerable.Range(0, nodes).GroupBy(layout.RowOf))
            {
                var order = row.OrderBy(v => layout.X[v]).ToList();
                for (var i = 1; i < order.Count; i++)
                    Assert.True(layout.X[order[i]] - layout.X[order[i - 1]] >= (widths[order[i]] + widths[order[i - 1]]) / 2);
            }
            Assert.All(Enumerable.Range(0, nodes), v => Assert.InRange(layout.X[v], widths[v] / 2 - 1e-9, layout.Width - widths[v] / 2 + 1e-9));
        }
    }
}
