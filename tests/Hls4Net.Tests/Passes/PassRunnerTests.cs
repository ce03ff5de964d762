using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Passes;
using Hls4Net.Core.Text;
using Hls4Net.Operators;
using Hls4Net.Tests.Support;
using Hls4Net.Tests.Typing;

namespace Hls4Net.Tests.Passes;

public sealed class PassRunnerTests
{
    private static readonly Graph Network = TestNetworks.Perceptron(1, 3, 4, 2);

    [Fact]
    public void Passes_run_in_their_order_and_each_result_is_dumped()
    {
        using var folder = new TemporaryFolder();
        var runner = new PassRunner<Graph>(IrKind.Graph, folder["dump"]);
        var result = runner.Run(Network, [new AppendLetter('a'), new AppendLetter('b'), new AppendLetter('c')], new());
        Assert.Equal("perceptronabc", result.Name);
        var files = Directory.GetFiles(folder["dump"]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["graph-00-start.txt", "graph-01-append-letter.txt", "graph-02-append-letter.txt", "graph-03-append-letter.txt"], files.Select(Path.GetFileName));
        var registry = OperatorRegistry.Of(typeof(Catalogue).Assembly);
        Assert.Equal(Network, GraphText.Parse(File.ReadAllText(files[0]), registry));
        Assert.Equal(result, GraphText.Parse(File.ReadAllText(files[3]), registry));
    }

    [Fact]
    public void A_run_stops_after_the_named_pass()
    {
        IPass<Graph>[] passes = [new AppendLetter('a'), new DropBias(), new AppendLetter('c')];
        Assert.Equal("perceptrona", new PassRunner<Graph>(IrKind.Graph, stopAfter: "drop-bias").Run(Network, passes, new()).Name);
        var e = Assert.Throws<ArgumentException>(() => new PassRunner<Graph>(IrKind.Graph, stopAfter: "drop-bia").Run(Network, passes, new()));
        Assert.StartsWith("There is no pass 'drop-bia' to stop after. Did you mean 'drop-bias'?", e.Message);
    }

    [Fact]
    public void A_broken_result_is_the_mistake_of_its_pass_and_its_text_is_there_to_look_at()
    {
        using var folder = new TemporaryFolder();
        var runner = new PassRunner<Graph>(IrKind.Graph, folder.Path);
        var e = Assert.Throws<InvalidOperationException>(() => runner.Run(Network, [new AppendLetter('a'), new LoseNode()], new()));
        Assert.StartsWith("The graph is not sound after the pass lose-node: ", e.Message);
        Assert.Contains("graph-02-lose-node.txt", folder.Names);
        var before = Assert.Throws<InvalidOperationException>(() => runner.Run(Network.With(nodes: Network.Nodes.Skip(1)), [new LoseNode()], new()));
        Assert.StartsWith("The graph is not sound before the first pass: ", before.Message);
    }

    [Fact]
    public void After_an_error_nothing_more_runs()
    {
        var diagnostics = new DiagnosticBag();
        var result = new PassRunner<Graph>(IrKind.Graph).Run(Network, [new AppendLetter('a'), new Complain(), new AppendLetter('b')], diagnostics);
        Assert.True(diagnostics.HasErrors);
        Assert.Equal("perceptrona", result.Name);
    }

    [Fact]
    public void Bisection_names_the_pass_with_which_the_trouble_begins()
    {
        for (var at = 0; at < 9; at++)
        {
            IPass<Graph>[] passes = [.. Enumerable.Range(0, 9).Select(k => k == at ? (IPass<Graph>)new DropBias() : new AppendLetter('x'))];
            var runs = 0;
            bool HasBias(Graph g)
            {
                runs++;
                return g.Nodes.Any(n => n.Operator is Addition);
            }
            Assert.Equal("drop-bias", PassRunner<Graph>.Bisect(Network, passes, HasBias));
            Assert.InRange(runs, 2, 6);
        }
        Assert.Null(PassRunner<Graph>.Bisect(Network, [new AppendLetter('x')], _ => true));
        Assert.Null(PassRunner<Graph>.Bisect(Network, [new AppendLetter('x')], _ => false));
        Assert.Equal("throw", PassRunner<Graph>.Bisect(Network, [new AppendLetter('x'), new Throw(), new AppendLetter('y')], _ => true));
    }

    [Fact]
    public void A_pass_is_described_by_its_class()
    {
        Assert.Equal(new PassDescription("drop-bias", "Graph", Promise.SameReals, "Drops every bias."), PassDescription.Of(typeof(DropBias)));
        Assert.Contains("needs [Pass(", Assert.Throws<InvalidOperationException>(() => PassDescription.Of(typeof(Silent))).Message);
        Assert.Throws<InvalidOperationException>(() => PassDescription.Of(typeof(string)));
    }

    [Pass(Promise.SameBits, "Appends a letter to the name.")]
    private sealed class AppendLetter(char letter) : IPass<Graph>
    {
        public Graph Run(Graph ir, DiagnosticBag diagnostics) => ir with { Name = ir.Name + letter };
    }

    [Pass(Promise.SameReals, "Drops every bias.")]
    private sealed class DropBias : IPass<Graph>
    {
        public Graph Run(Graph ir, DiagnosticBag diagnostics)
        {
            var nodes = ir.Nodes.Select(n => n.Operator is Addition ? n with { Operator = new Rectify(), Inputs = [n.Inputs[0]] } : n);
            return ir.With(nodes: nodes).WithoutDeadNodes();
        }
    }

    [Pass(Promise.SameReals, "Drops the first node.")]
    private sealed class LoseNode : IPass<Graph>
    {
        public Graph Run(Graph ir, DiagnosticBag diagnostics) => ir.With(nodes: ir.Nodes.Skip(1));
    }

    [Pass(Promise.SameReals, "Reports an error.")]
    private sealed class Complain : IPass<Graph>
    {
        public Graph Run(Graph ir, DiagnosticBag diagnostics)
        {
            diagnostics.Add(new Diagnostic(new Rule("HLS0000", Severity.Error, "A test.", "A test."), "here", "it is wrong"));
            return ir with { Name = "unusable" };
        }
    }

    [Pass(Promise.SameReals, "Throws.")]
    private sealed class Throw : IPass<Graph>
    {
        public Graph Run(Graph ir, DiagnosticBag diagnostics) => throw new NotSupportedException();
    }

    private sealed class Silent : IPass<Graph>
    {
        public Graph Run(Graph ir, DiagnosticBag diagnostics) => ir;
    }
}
