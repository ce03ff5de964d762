using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Core.Numbers;
using Hls4Net.Operators;
using Hls4Net.Tests.Support;
using Hls4Net.Tests.Typing;
using Hls4Net.Transforms;
using Hls4Net.Transforms.Passes;
using Hls4Net.Transforms.Settings;

namespace Hls4Net.Tests.Inputs;

/// <summary>What a description of events may say, and what is said where it does not go together.</summary>
public sealed class EventDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("adc2021", 12)]
    [InlineData("cms-global-trigger", 11)]
    public void A_preset_has_the_57_numbers_of_19_objects_and_the_grouped_order_leaves_one_out(string preset, int jetBits)
    {
        var events = Read($"events: {preset}").Events!;
        Assert.Equal(57, events.Features.Count);
        Assert.Equal("met[0].pt met[0].eta met[0].phi eg[0].pt", string.Join(' ', events.Features.Take(4).Select(f => f.Name)));
        Assert.False(events.Features[1].IsPresent);
        Assert.Equal("ufixed<" + jetBits, events.Features[27].Type.ToString().Split(',')[0]);
        Assert.Equal(["met_pt", "met_phi", "eg_pt", "eg_eta", "eg_phi", "mu_pt", "mu_eta", "mu_phi", "jet_pt", "jet_eta", "jet_phi"], events.Ports.Select(p => p.Name));
        var grouped = Read($"events: {{ preset: {preset}, order: grouped }}").Events!;
        Assert.Equal(56, grouped.Features.Count);
        Assert.All(grouped.Features, f => Assert.True(f.IsPresent));
        Assert.Equal("met[0].pt eg[0].pt eg[1].pt", string.Join(' ', grouped.Features.Take(3).Select(f => f.Name)));
        Assert.Equal("eg[0].eta", grouped.Features[19].Name);
        Assert.Equal("met[0].phi", grouped.Features[37].Name);
    }

    [Fact]
    public void Objects_of_the_global_trigger_are_where_its_links_have_them()
    {
        var events = Read("events: { preset: cms-global-trigger, ports: words }").Events!;
        Assert.Equal(["met [1, 1]", "eg [1, 4]", "mu [1, 4, 2]", "jet [1, 10]"], events.Ports.Select(p => $"{p.Name} {p.Shape}"));
        var muon = events.Features.Single(f => f.Name == "mu[1].eta");
        Assert.Equal((2, 23, 9, true), (muon.Element, muon.Low, muon.Type.Type.Width, muon.Type.Type.Signed));
        Assert.Equal(new Rational(87, 8000), muon.Lsb);
        Assert.Equal(Math.Tau / 576, events.Features.Single(f => f.Name == "mu[0].phi").Lsb.ToDyadic().ToDouble(), 15);
    }

    [Fact]
    public void A_file_of_its_own_is_the_section_and_what_differs_from_a_preset_is_said_alone()
    {
        File.WriteAllText(_folder["gt.yaml"], "preset: cms-global-trigger\nreads: values\nobjects: { mu: none, jet: { count: 14, pt: { type: 'uint<10>', bits: 0..9, offset: 3 } } }\n");
        File.WriteAllText(_folder["c.yaml"], "events: gt.yaml\n");
        var diagnostics = new DiagnosticBag();
        var events = ConfigurationReader.ReadFile(_folder["c.yaml"], diagnostics).Events!;
        Assert.Empty(diagnostics.Items);
        Assert.True(events.ReadsValues);
        Assert.Equal(["met", "eg", "jet"], events.Features.Select(f => f.Object).Distinct());
        var jet = events.Features.Last(f => f.Quantity == "pt");
        Assert.Equal(("jet[13].pt", 10, (Dyadic)3, "0.5 GeV"), (jet.Name, jet.Type.Type.Width, jet.Offset, jet.Unit));
        File.WriteAllText(_folder["gt.yaml"], "preset: cms-global-trigger\n\nportz: words\n");
        ConfigurationReader.ReadFile(_folder["c.yaml"], diagnostics);
        Assert.Equal("error HLS3002: gt.yaml:3", diagnostics.Items.Single().ToString()[..24]);
    }

    [Theory]
    [InlineData("events: adc2012", "presets are adc2021, cms-global-trigger. Did you mean 'adc2021'?")]
    [InlineData("events: { preset: cms-globl-trigger }", "Did you mean 'cms-global-trigger'?")]
    [InlineData("events: { preset: adc2021, objects: { jet: { count: 9 } } }", "The objects have 54 numbers, and the network's input 'x' of shape [1, 57] has 57")]
    [InlineData("events: { preset: adc2021, objects: { jet: { colour: 9 } } }", "'colour' is not a key here")]
    [InlineData("events: { preset: adc2021, objects: { jet: { pt: { lsb: 0.5 GeW } } } }", "'GeW' is no unit of pt; there are GeV, MeV, TeV. Did you mean 'GeV'?")]
    [InlineData("events: { preset: adc2021, objects: { jet: { phi: { lsb: 0.5 GeV } } } }", "'GeV' is no unit of phi; there are rad, deg")]
    [InlineData("events: { preset: adc2021, objects: { jet: { eta: { lsb: 0.1 rad } } } }", "'rad' is no unit of eta; it has none")]
    [InlineData("events: { preset: adc2021, objects: { jet: { eta: { lsb: half } } } }", "'half' is not a step")]
    [InlineData("events: { preset: adc2021, objects: { jet: { eta: { lsb: 0 } } } }", "'0' is not a step above 0")]
    [InlineData("events: { preset: cms-global-trigger, ports: words, objects: { jet: { eta: { bits: 10..17 } } } }", "Bit 10 of word 0 of 'jet' belongs to jet[0].pt and to jet[0].eta")]
    [InlineData("events: { preset: cms-global-trigger, ports: words, objects: { jet: { eta: { bits: 27..34 } } } }", "The bits 27..34 of jet.eta do not lie in a word of 32 bits")]
    [InlineData("events: { preset: cms-global-trigger, objects: { jet: { eta: { bits: 1..7 } } } }", "the bits 1..7 of jet.eta are 7, and fixed<8,8> has 8")]
    [InlineData("events: { preset: cms-global-trigger, objects: { jet: { eta: { bits: 7-1 } } } }", "'7-1' is no range of bits")]
    [InlineData("events: { preset: cms-global-trigger, ports: links }", "words on links need their number and width")]
    [InlineData("events: { preset: cms-global-trigger, ports: links, links: { count: 2 } }", "The object 'eg' needs its places on the links")]
    [InlineData("events: { ports: links, links: { count: 2 }, objects: { met: { word: 32, at: link 7, pt: { type: uint<8>, bits: 0..7 } } } }", "Met[0].pt is on link 7, and there are 2 links, counted from 0")]
    [InlineData("events: { ports: links, links: { count: 2 }, objects: { met: { word: 32, at: link 1 bit 60, pt: { type: uint<8>, bits: 0..7 } } } }", "ends in bit 67 of a link of 64 bits")]
    [InlineData("events: { ports: links, links: { count: 2 }, objects: { jet: { count: 2, word: 32, at: link 1, pt: { type: uint<8>, bits: 0..7 } } } }", "is there 2 times and has 1 places")]
    [InlineData("events: { ports: links, links: { count: 2 }, objects: { met: { word: 32, at: lane 1, pt: { type: uint<8>, bits: 0..7 } } } }", "'lane 1' is no place on links")]
    [InlineData("events: { ports: links, links: { count: 2, frames: 9 }, objects: { met: { word: 32, at: link 1, pt: { type: uint<8>, bits: 0..7 } } } }", "HLS3092")]
    [InlineData("events: { ports: links, links: { count: 2 }, objects: { met: { word: 32, at: link 1 frame 1, pt: { type: uint<8>, bits: 0..7 } } } }", "describe each as links of its own")]
    [InlineData("events: { ports: words, objects: { met: { pt: { type: uint<8>, bits: 0..7 } } } }", "The object 'met' needs 'word: 32' or 'word: 64'")]
    [InlineData("events: { ports: words, objects: { met: { word: 32, pt: { type: uint<8> } } } }", "met.pt needs its 'bits' in the word")]
    [InlineData("events: { ports: feature, objects: { met: { pt: { type: uint<8> } } } }", "'feature' is not one of features, single, words, links. Did you mean 'features'?")]
    [InlineData("events: { port: p, objects: { met: { pt: { type: uint<8> }, phi: { type: uint<9> } } } }", "all numbers of the port 'p' have one type, and met[0].pt has ufixed<8,8>, met[0].phi ufixed<9,9>")]
    [InlineData("events: { preset: adc2021, input: y }", "The network has no input 'y'; it has x")]
    [InlineData("events: { preset: adc2021, objects: { met: { kind: muons } } }", "'muons' is no kind of object; there are other, met, electron, photon, egamma, muon, jet. Did you mean 'muon'?")]
    [InlineData("events: { preset: adc2021, objects: { eg: { invalid: ptt = 0 } } }", "The object 'eg' has no quantity 'ptt'; it has pt, eta, phi. Did you mean 'pt'?")]
    [InlineData("events: { preset: adc2021, objects: { eg: { invalid: never } } }", "'never' is not a rule")]
    [InlineData("events: { preset: adc2021, objects: { eg: { invalid: eta = 200 } } }", "200 is no integer of fixed<8,8>")]
    [InlineData("events: { preset: adc2021, objects: { jet: { phi: { period: 300 } } } }", "ufixed<8,8> has no 300 integers for a turn of jet.phi")]
    [InlineData("events: { preset: adc2021, objects: { jet: { pt: { shift: [1, 2] } } } }", "2 numbers are listed; it takes 1, or 10, one for each object")]
    [InlineData("events: { preset: adc2021, shift: [1, 2] }", "2 numbers are listed; it takes 1, or 57")]
    [InlineData("events: { objects: { met: { pt: { lsb: 0.5 } } } }", "met.pt needs its 'type'")]
    [InlineData("events: { objects: { met: { count: 1 } } }", "The object 'met' has no quantity; there are pt, eta, phi")]
    [InlineData("events: { order: grouped }", "There are no 'objects'")]
    [InlineData("events: [adc2021]", "is a mapping, the name of a preset or of a file")]
    [InlineData("events: adc2021\ninputs: { x: 'fixed<8,8>' }", "The input 'x' is described by 'events' and under 'inputs'")]
    [InlineData("events: adc2021\nmodel: { io_type: io_stream }", "events of objects come all at once")]
    [InlineData("events: { port: h, objects: { met: { count: 19, pt: { type: uint<8> }, eta: { type: uint<8> }, phi: { type: uint<8> } } } }", "The port 'h' has the name of a value of the network")]
    public void What_does_not_go_together_is_said(string text, string says)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(text, "c.yaml", diagnostics);
        if (!diagnostics.HasErrors)
            Assert.Null(Pipelines.ToDesign(Network(), Score.None, configuration, null, diagnostics));
        Assert.Contains(diagnostics.Items, d => d.ToString().Contains(says, StringComparison.OrdinalIgnoreCase));
    }

    private static Configuration Read(string text)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.Read(text, "c.yaml", diagnostics);
        diagnostics.ThrowIfErrors();
        return configuration;
    }

    private static Graph Network()
    {
        var values = new List<Value> { new("x", [1, 57], null, null) };
        var nodes = new List<Node>();
        TestNetworks.Append(nodes, values, new Rectify(), "h", [1, 57], "x");
        return new("network", [.. values], ["x"], ["h"], [], [.. nodes]);
    }
}
