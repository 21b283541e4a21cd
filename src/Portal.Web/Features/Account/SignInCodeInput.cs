namespace Portal.Web.Features.Account;

/// <remarks>A field that was not posted is set to null by the binding of forms, whatever its type says.</remarks>
internal sealed class SignInCodeInput
{
    public string Code { get; set => field = value ?? ""; } = "";
}
