namespace Portal.Web.Features.Account;

/// <remarks>A field that was not posted is set to null by the binding of forms, whatever its type says.</remarks>
internal sealed class SignInInput
{
    public string UserName { get; set => field = value ?? ""; } = "";

    public string Password { get; set => field = value ?? ""; } = "";

    /// <summary>What the browser said for a passkey, in JSON.</summary>
    public string Credential { get; set => field = value ?? ""; } = "";
}
