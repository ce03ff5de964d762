namespace Hls4Net.Trigger.Toys;

/// <summary>Draws the particles of one event of a process; <c>hardness</c> scales the pT of the signals.</summary>
internal delegate void ToyProcess(ToyRandom random, ToyEvent final, double hardness);

/// <summary>The processes of the toy, by name.</summary>
internal static class ToyProcesses
{
    private const double WMass = 80.4;
    private const double WWidth = 2.1;

    /// <summary>What passes the selection of a background sample, in order: shares of the events that are kept.</summary>
    public static IReadOnlyList<(string Name, double Share)> Background { get; } = [("w", 0.592), ("qcd", 0.338), ("z", 0.067), ("tt", 0.003)];

    public static IReadOnlyDictionary<string, ToyProcess> All { get; } = new Dictionary<string, ToyProcess>(StringComparer.Ordinal)
    {
        ["w"] = (random, final, _) =>
        {
            var (parent, mass) = Boson(random, WMass, WWidth);
            final.AddLepton(parent.Decay(random, mass, polarised: true).One, random.Choice(3));
            final.AddRecoil(parent);
        },
        ["z"] = (random, final, _) =>
        {
            var (parent, mass) = Boson(random, 91.2, 2.5);
            var (flavour, daughters) = (random.Choice(3), parent.Decay(random, mass, polarised: true));
            final.AddLepton(daughters.One, flavour);
            final.AddLepton(daughters.Two, flavour);
            final.AddRecoil(parent);
        },
        ["qcd"] = (random, final, _) => DrawJets(random, final),
        ["tt"] = (random, final, _) => DrawTops(random, final),
        ["a4l"] = DrawFourLeptons,
        ["lq"] = (random, final, hardness) =>
        {
            var parent = Resonance(random, 80, 25 * hardness, 2.0);
            var (b, tau) = parent.Decay(random, 80);
            final.AddJet(b);
            final.AddTau(tau);
            final.AddRecoil(parent);
        },
        ["h0"] = (random, final, hardness) =>
        {
            var parent = Resonance(random, 60, 22 * hardness, 2.0);
            var (one, two) = parent.Decay(random, 60);
            final.AddTau(one);
            final.AddTau(two);
            final.AddRecoil(parent);
        },
        ["hpm"] = (random, final, hardness) =>
        {
            var parent = Resonance(random, 60, 22 * hardness, 2.0);
            final.AddTau(parent.Decay(random, 60).One);
            final.AddRecoil(parent);
        },
    };

    private static (Momentum Parent, double Mass) Boson(ToyRandom random, double pole, double width)
    {
        var mass = BreitWigner(random, pole, width);
        return (Resonance(random, mass, 9, 2.1), mass);
    }

    /// <summary>Masses within 12 widths of the pole.</summary>
    private static double BreitWigner(ToyRandom random, double mass, double width)
    {
        var edge = Math.Atan(24.0) / Math.PI;
        return mass + width / 2 * Math.Tan(Math.PI * random.Uniform(-edge, edge));
    }

    /// <summary>Of the density pT / (pT² + p0²)^power up to 600 GeV, with a wide rapidity.</summary>
    private static Momentum Resonance(ToyRandom random, double mass, double p0, double power)
    {
        var pt = p0 * Math.Sqrt(Math.Pow(1 - random.Uniform(), -1 / (power - 1)) - 1);
        return Momentum.Of(Math.Min(pt, 600), Math.Clamp(random.Normal(0, 1.9), -4.5, 4.5), random.Angle(), mass);
    }

    /// <summary>Two back-to-back jets, a lepton (55 % e, 35 % of those fake) in the first, a few more jets.</summary>
    private static void DrawJets(ToyRandom random, ToyEvent final)
    {
        var pt = Math.Min(random.Power(24, 4.2), 800);
        var (eta, phi, share) = (random.Normal(0, 1.6), random.Angle(), random.Beta(2.2, 1.6));
        var isElectron = random.Uniform() < 0.55;
        var isFake = isElectron && random.Uniform() < 0.35;
        var neutrino = isFake ? 0 : (1 - share) * random.Uniform(0, 0.5);
        final.AddJet(Momentum.Of(pt * (1 - neutrino - (isElectron ? 0 : share)), eta, phi));
        var lepton = Momentum.Of(pt * share, eta + random.Normal(0, 0.03), phi + random.Normal(0, 0.03));
        if (isElectron)
            final.AddElectron(lepton, ownJet: false);
        else
            final.AddMuon(lepton);
        final.AddJet(Momentum.Of(pt, eta + random.Normal(0, 1.0), phi + Math.PI + random.Normal(0, 0.15)));
        for (var chance = 0.16; chance > 0.0005; chance *= 0.16)
        {
            if (random.Uniform() < chance)
                final.AddJet(Momentum.Of(pt * random.Uniform(0.3, 0.9), random.Normal(0, 1.9), random.Angle()), balanced: true);
        }
    }

    /// <summary>Top pairs, each t → W b; 67.4 % of the W go to two jets.</summary>
    private static void DrawTops(ToyRandom random, ToyEvent final)
    {
        const double topMass = 172.5;
        var (pt, phi) = (Math.Abs(random.Normal(110, 70)), random.Angle());
        for (var side = 0; side < 2; side++)
        {
            var top = Momentum.Of(pt, random.Normal(0, 1.0), phi + side * Math.PI, topMass);
            var mass = BreitWigner(random, WMass, WWidth);
            var (w, b) = top.Decay(random, topMass, mass);
            var (one, two) = w.Decay(random, mass, polarised: true);
            final.AddJet(b);
            if (random.Uniform() < 0.674)
            {
                final.AddJet(one);
                final.AddJet(two);
            }
            else
            {
                final.AddLepton(one, random.Choice(3));
            }
        }
    }

    /// <summary>A(50 GeV) → two light particles of 4 to 24 GeV, each to two electrons or two muons.</summary>
    private static void DrawFourLeptons(ToyRandom random, ToyEvent final, double hardness)
    {
        var parent = Resonance(random, 50, 22 * hardness, 2.0);
        var (mass1, mass2) = (random.Uniform(4, 24), random.Uniform(4, 24));
        var (light1, light2) = parent.Decay(random, 50, mass1, mass2);
        foreach (var (light, mass) in new[] { (light1, mass1), (light2, mass2) })
        {
            var flavour = random.Choice(2);
            var (one, two) = light.Decay(random, mass);
            final.AddLepton(one, flavour);
            final.AddLepton(two, flavour);
        }
        final.AddRecoil(parent);
    }
}
