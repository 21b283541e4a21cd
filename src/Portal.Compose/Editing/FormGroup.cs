namespace Portal.Compose.Editing;

/// <summary>Several values of a file as a form shows them.</summary>
/// <param name="Entries">In the order of the file.</param>
/// <param name="IsMap">Whether they are written as a mapping.</param>
/// <param name="Lock">Why none can be added.</param>
/// <param name="Source">As all of it is written, shortened; only of what is locked.</param>
public sealed record FormGroup(IReadOnlyList<FormEntry> Entries, bool IsMap, FieldLock Lock, string Source);
