namespace Hls4Net.Trigger.Toys;

/// <summary>A four-momentum in GeV.</summary>
internal readonly record struct Momentum(double X, double Y, double Z, double E)
{
    public double Pt => Math.Sqrt(X * X + Y * Y);

    public double Phi => Math.Atan2(Y, X);

    /// <summary>Pseudorapidity.</summary>
    public double Eta => Math.Asinh(Z / Math.Max(Pt, 1e-9));

    /// <summary>Of a particle given by pT, azimuth and rapidity, which is the pseudorapidity of one without mass.</summary>
    public static Momentum Of(double pt, double rapidity, double phi, double mass = 0)
    {
        var transverse = Math.Sqrt(pt * pt + mass * mass);
        return new(pt * Math.Cos(phi), pt * Math.Sin(phi), transverse * Math.Sinh(rapidity), transverse * Math.Cosh(rapidity));
    }

    public Momentum Times(double factor) => new(X * factor, Y * factor, Z * factor, E * factor);

    /// <summary>The two daughters of a particle of this momentum; cos θ is flat in its rest frame, or goes as 1 + cos² θ if polarised.</summary>
    public (Momentum One, Momentum Two) Decay(ToyRandom random, double mass, double mass1 = 0, double mass2 = 0, bool polarised = false)
    {
        var u = random.Uniform();
        var cos = polarised ? 2 * Math.Sinh(Math.Asinh(4 * u - 2) / 3) : 2 * u - 1;
        var (sin, phi) = (Math.Sqrt(Math.Max(0, 1 - cos * cos)), random.Angle());
        var k = Math.Sqrt((mass * mass - (mass1 + mass2) * (mass1 + mass2)) * (mass * mass - (mass1 - mass2) * (mass1 - mass2))) / (2 * mass);
        var (x, y, z) = (k * sin * Math.Cos(phi), k * sin * Math.Sin(phi), k * cos);
        return (Boosted(x, y, z, Math.Sqrt(k * k + mass1 * mass1), mass), Boosted(-x, -y, -z, Math.Sqrt(k * k + mass2 * mass2), mass));
    }

    /// <summary>Carries a momentum from the rest frame of this particle to the frame of this momentum.</summary>
    private Momentum Boosted(double x, double y, double z, double e, double mass)
    {
        var (bx, by, bz, gamma) = (X / E, Y / E, Z / E, E / mass);
        var along = bx * x + by * y + bz * z;
        var factor = gamma * gamma / (gamma + 1) * along + gamma * e;
        return new(x + bx * factor, y + by * factor, z + bz * factor, gamma * (e + along));
    }
}
