namespace Hls4Net.Trigger.Events;

/// <summary>An object of an event.</summary>
/// <param name="Kind">One kind, or <see cref="ObjectKinds.ElectronOrPhoton"/> where a format does not tell them apart.</param>
/// <param name="Charge">In units of the elementary charge; 0 where it is not known.</param>
/// <param name="Slot">Its place among its kind where the format has places; -1 where the order says nothing.</param>
/// <param name="Pt">Transverse momentum in GeV, more than 0.</param>
/// <param name="Eta">Pseudorapidity.</param>
/// <param name="Phi">Azimuth in radians.</param>
public readonly record struct EventObject(ObjectKinds Kind, sbyte Charge, sbyte Slot, double Pt, double Eta, double Phi);
