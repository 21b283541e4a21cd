namespace Portal.Web.Access.Changes;

/// <summary>How a change came out of who may do what where.</summary>
/// <param name="Error">Why it was not made, for the user; null when it was.</param>
/// <param name="Id">Of what was made.</param>
public sealed record AccessChange(string? Error, Guid? Id = null)
{
    public static AccessChange Done { get; } = new((string?)null);
}
