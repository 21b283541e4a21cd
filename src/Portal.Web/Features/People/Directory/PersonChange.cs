namespace Portal.Web.Features.People.Directory;

/// <summary>How a change of a person came out.</summary>
/// <param name="Error">Why it was not done, for the user; null when it was.</param>
/// <param name="Password">The password that was made up: to be shown once.</param>
internal sealed record PersonChange(string? Error, string? Password = null)
{
    public static PersonChange Done { get; } = new((string?)null);
}
