namespace Portal.Web.Features.Account.Security;

/// <summary>What the forms of the page post; each fills its own part.</summary>
/// <remarks>A field that was not posted is set to null by the binding of forms, whatever its type says.</remarks>
internal sealed class SecurityInput
{
    public string Password { get; set => field = value ?? ""; } = "";

    public string Ticket { get; set => field = value ?? ""; } = "";

    public string Code { get; set => field = value ?? ""; } = "";

    public string Name { get; set => field = value ?? ""; } = "";

    public string Credential { get; set => field = value ?? ""; } = "";

    /// <summary>Which button of a form with several was pressed.</summary>
    public string Act { get; set => field = value ?? ""; } = "";
}
