namespace Portal.Web.Features.Account;

/// <remarks>A field that was not posted is set to null by the binding of forms, whatever its type says.</remarks>
internal sealed class ChangePasswordInput
{
    public string Current { get; set => field = value ?? ""; } = "";

    public string New { get; set => field = value ?? ""; } = "";

    public string Repeated { get; set => field = value ?? ""; } = "";
}
