namespace Portal.Compose.Editing;

/// <summary>A value of a file as a form shows it.</summary>
/// <param name="Text">What it says, with <c>$$</c> as the one sign that it stands for; null when there is none, or it is locked.</param>
/// <param name="Lock">Why it can't be edited.</param>
/// <param name="Source">As it is written, shortened; only of what is locked.</param>
/// <param name="Line">Where it stands, from 1; 0 when it is not there.</param>
public sealed record FormField(string? Text, FieldLock Lock, string Source, int Line)
{
    /// <summary>Not there, and can be written.</summary>
    public static FormField Missing { get; } = new(null, FieldLock.None, "", 0);
}
