namespace Portal.Web.Features.Account;

internal sealed class ChangePasswordInput
{
    public string Current { get; set; } = "";

    public string New { get; set; } = "";

    public string Repeated { get; set; } = "";
}
