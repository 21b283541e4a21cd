namespace Portal.Engine.Images;

/// <summary>Where one part (usually a layer) of a pull or a load stands.</summary>
/// <param name="Item">The part: the first 12 digits of a layer's digest, or the name or id for the whole.</param>
/// <param name="Phase">What is being done with it.</param>
/// <param name="Current">Bytes done in this phase.</param>
/// <param name="Total">Bytes to do in this phase, or null when that is not known.</param>
/// <param name="Message">A line for the user, where the phase alone does not say it.</param>
public sealed record TransferProgress(string Item, TransferPhase Phase, long Current = 0, long? Total = null, string? Message = null);
