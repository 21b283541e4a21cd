using Portal.Web.Identity;

namespace Portal.Web.Features.Account.Joining;

/// <remarks>A field that was not posted is set to null by the binding of forms, whatever its type says.</remarks>
internal sealed class NewAccountInput
{
    private const int MostName = 64;
    private const int MostDisplayName = 128;
    private const int MostPassword = 1024;

    /// <summary>The one-time token, where one is asked for.</summary>
    public string Token { get; set => field = value ?? ""; } = "";

    /// <summary>What the browser said of a new passkey, in JSON; empty for a password.</summary>
    public string Credential { get; set => field = value ?? ""; } = "";

    public string UserName { get; set => field = value ?? ""; } = "";

    public string DisplayName { get; set => field = value ?? ""; } = "";

    public string Password { get; set => field = value ?? ""; } = "";

    public string Repeated { get; set => field = value ?? ""; } = "";

    public NewAccount ToAccount() => new(UserName.Trim(), DisplayName.Trim(), Password);

    /// <summary>What is wrong before anybody is asked; null for nothing.</summary>
    public string? FindProblem() =>
        string.IsNullOrWhiteSpace(UserName) || Password.Length == 0 ? T("Choose a user name and a password.")
        : UserName.Trim().Length > MostName || DisplayName.Trim().Length > MostDisplayName || Password.Length > MostPassword
            ? T("A user name has at most {0} characters, a name to show {1}, a password {2}.", MostName, MostDisplayName, MostPassword)
        : Password != Repeated ? T("The two passwords differ.")
        : null;
}
