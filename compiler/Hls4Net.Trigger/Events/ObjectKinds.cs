namespace Hls4Net.Trigger.Events;

/// <summary>What a reconstructed object is; several together name what a slot may hold.</summary>
[Flags]
public enum ObjectKinds
{
    None = 0,
    Electron = 1,
    Photon = 2,
    Muon = 4,
    Jet = 8,
    BJet = 16,

    /// <summary>What ADC2021 calls class 2.</summary>
    ElectronOrPhoton = Electron | Photon,
    AnyJet = Jet | BJet,
    Lepton = Electron | Muon,
}
