namespace Portal.Web.Features.Account;

internal sealed class SignInInput
{
    public string UserName { get; set; } = "";

    public string Password { get; set; } = "";
}
