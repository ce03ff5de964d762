namespace Hls4Net.Trigger.Toys;

/// <summary>What a toy detector sees of one event: objects of each kind, and the momentum that the MET balances.</summary>
internal sealed class ToyEvent(ToyRandom random)
{
    private const double LeptonCut = 23;
    private const double JetCut = 15;
    private const double SoftLeptonCut = 3;
    private const double MetNoise = 8.5;

    private static readonly (int First, int Slots, double MostEta, double LeastPt)[] Blocks =
        [(1, 4, 3.0, SoftLeptonCut), (5, 4, 2.1, SoftLeptonCut), (9, 10, 4.0, JetCut)];

    private readonly List<Momentum>[] _objects = [[], [], []];
    private double _x;
    private double _y;

    public void Clear()
    {
        foreach (var list in _objects)
            list.Clear();
        (_x, _y) = (0, 0);
    }

    /// <summary>Smeared by 90 % / √pT; a balanced jet does not enter the MET.</summary>
    public void AddJet(Momentum p, bool balanced = false) =>
        Add(2, p.Times(Math.Max(1 + 0.9 / Math.Sqrt(Math.Max(p.Pt, 4.0)) * random.Normal(0, 1), 0.05)), balanced);

    /// <summary>2 % resolution, 88 % efficiency; found or not, an electron appears among the jets too.</summary>
    public void AddElectron(Momentum p, bool ownJet = true, bool balanced = false)
    {
        p = p.Times(1 + random.Normal(0, 0.02));
        if (random.Uniform() < 0.88)
            Add(0, p, balanced: true);
        if (ownJet)
            Add(2, p.Times(random.Normal(1.03, 0.04)), balanced);
    }

    /// <summary>1.5 % resolution, 95 % efficiency; a lost muon is missing momentum.</summary>
    public void AddMuon(Momentum p, bool balanced = false)
    {
        var isFound = random.Uniform() < 0.95;
        p = p.Times(1 + random.Normal(0, 0.015));
        if (isFound)
            Add(1, p, balanced);
    }

    /// <summary>17.8 % to an electron, 17.4 % to a muon, the rest to a narrow jet; neutrinos carry the remainder.</summary>
    public void AddTau(Momentum p)
    {
        var mode = random.Uniform();
        if (mode < 0.178)
            AddElectron(p.Times(LeptonShare()));
        else if (mode < 0.352)
            AddMuon(p.Times(LeptonShare()));
        else
            AddJet(p.Times(random.Beta(2.4, 1.6)));
    }

    /// <summary>Of flavour 0 (electron), 1 (muon) or 2 (tau).</summary>
    public void AddLepton(Momentum p, int flavour)
    {
        if (flavour == 0)
            AddElectron(p);
        else if (flavour == 1)
            AddMuon(p);
        else
            AddTau(p);
    }

    /// <summary>Radiation that balances a particle's pT: 1 + Poisson(pT / 160 GeV) jets, four at most.</summary>
    public void AddRecoil(Momentum parent)
    {
        var count = 1 + Math.Min(random.Poisson(parent.Pt / 160), 3);
        var (x, y) = (-parent.X, -parent.Y);
        for (var i = 0; i < count; i++)
        {
            var isLast = i == count - 1;
            var (share, angle) = isLast ? (1.0, 0.0) : (random.Uniform(0.2, 0.7), random.Normal(0, 0.35));
            var (turnedX, turnedY) = (share * (x * Math.Cos(angle) - y * Math.Sin(angle)), share * (x * Math.Sin(angle) + y * Math.Cos(angle)));
            (x, y) = (x - turnedX, y - turnedY);
            AddJet(Momentum.Of(Math.Sqrt(turnedX * turnedX + turnedY * turnedY), random.Normal(0, 1.7), Math.Atan2(turnedY, turnedX)));
        }
    }

    /// <summary>Pile-up jets, rare hard cascades and fake leptons: what every process has in common.</summary>
    public void AddUnderlying()
    {
        for (var i = Math.Min(random.Poisson(0.10), 3); i > 0; i--)
            AddJet(Momentum.Of(15 + random.Exponential(7), random.Normal(0, 2.2), random.Angle()), balanced: true);
        if (random.Uniform() < 0.035)
        {
            for (var i = Math.Min(random.Geometric(0.42), 8); i > 0; i--)
                AddJet(Momentum.Of(random.Power(30, 2.6), random.Normal(0, 1.7), random.Angle()), balanced: true);
        }
        for (var chance = 0.003; chance > 0.0005; chance *= 0.3)
        {
            if (random.Uniform() < chance)
                AddElectron(Momentum.Of(4 + random.Exponential(14), random.Normal(0, 1.5), random.Angle()), balanced: true);
            if (random.Uniform() < chance)
                AddMuon(Momentum.Of(4 + random.Exponential(14), random.Normal(0, 1.2), random.Angle()), balanced: true);
        }
    }

    /// <summary>Writes the event as a file has it, [19, 4], unless the selection drops it: a leading electron or muon above 23 GeV.</summary>
    /// <returns>Whether it was kept.</returns>
    public bool TryWrite(Span<double> row)
    {
        foreach (var list in _objects)
            list.Sort((a, b) => b.Pt.CompareTo(a.Pt));
        if (!_objects.Take(2).Select((list, kind) => list.Find(p => Accepts(kind, p)).Pt).Any(pt => Round(pt, 100) > LeptonCut))
            return false;
        row.Clear();
        var (x, y) = (random.Normal(-_x, MetNoise), random.Normal(-_y, MetNoise));
        Put(row, 0, Math.Sqrt(x * x + y * y), 0, Math.Atan2(y, x), 1);
        for (var kind = 0; kind < Blocks.Length; kind++)
        {
            var slot = 0;
            foreach (var p in _objects[kind])
            {
                if (slot < Blocks[kind].Slots && Accepts(kind, p))
                    Put(row, Blocks[kind].First + slot++, p.Pt, p.Eta, p.Phi, kind + 2);
            }
        }
        return true;
    }

    private static bool Accepts(int kind, Momentum p) => p.Pt >= Blocks[kind].LeastPt && Math.Abs(p.Eta) < Blocks[kind].MostEta;

    private void Add(int kind, Momentum p, bool balanced)
    {
        _objects[kind].Add(p);
        if (!balanced)
            (_x, _y) = (_x + p.X, _y + p.Y);
    }

    /// <summary>The share of a tau's momentum that its lepton has: the density 5/3 − 3x² + 4x³/3, its integral solved by halving.</summary>
    private double LeptonShare()
    {
        var (u, low, high) = (random.Uniform(), 0.0, 1.0);
        for (var i = 0; i < 30; i++)
        {
            var x = (low + high) / 2;
            (low, high) = x * (5 / 3.0 - x * x * (1 - x / 3)) < u ? (x, high) : (low, x);
        }
        return low;
    }

    /// <summary>Rounded to 0.01 GeV and 0.001, so that the last bits of a library's sine do not show.</summary>
    private static void Put(Span<double> row, int slot, double pt, double eta, double phi, int @class)
    {
        row[4 * slot] = Round(pt, 100);
        row[4 * slot + 1] = Round(eta, 1000);
        row[4 * slot + 2] = Math.Clamp(Round(phi, 1000), -3.141, 3.141);
        row[4 * slot + 3] = @class;
    }

    private static double Round(double value, double steps) => Math.Round(value * steps) / steps + 0.0;
}
