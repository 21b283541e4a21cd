using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Identity;
using Portal.Web.Identity.Providers;
using Portal.Web.Languages;

namespace Portal.Web.Features.Account.Profile;

/// <summary>Name, mail address and other accounts of who is signed in. Plain forms, because the answers renew the cookie.</summary>
public sealed partial class ProfilePage
{
    private PortalUser? _user;
    private IReadOnlyList<PersonLink> _links = [];
    private string _name = "";
    private string _mail = "";
    private string? _language;
    private string? _zone;
    private string? _error;
    private string? _done;
    private string? _goTo;
    private bool _hasPassword;

    [Inject]
    public required UserManager<PortalUser> Users { get; init; }

    [Inject]
    public required SignInManager<PortalUser> SignIn { get; init; }

    [Inject]
    internal PersonLinks Links { get; init; } = null!;

    [Inject]
    internal ProviderSignIn Providers { get; init; } = null!;

    [Inject]
    internal PasswordProof Proof { get; init; } = null!;

    [Inject]
    public required IAuditLog Audit { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery]
    private bool Saved { get; set; }

    [SupplyParameterFromForm]
    private ProfileInput? Input { get; set; }

    // Null when the page is asked for, not posted.
    private ProfileInput Form => Input ??= new ProfileInput();

    protected override async Task OnInitializedAsync()
    {
        _user = await Users.GetUserAsync(HttpContext.User);
        if (_user is not null)
        {
            (_name, _mail, _hasPassword) = (_user.DisplayName, _user.Email ?? "", await Users.HasPasswordAsync(_user));
            _language = await PersonChoice.ReadAsync(Users, _user, PortalClaims.Language);
            _zone = TimeZoneChoice.Find(await PersonChoice.ReadAsync(Users, _user, PortalClaims.TimeZone));
            _done = Saved ? T("Saved.") : null;
            _links = await Links.ListAsync(_user.Id, HttpContext.RequestAborted);
        }
    }

    private async Task SaveAsync()
    {
        _done = null;
        (_name, _mail, _error) = (Form.DisplayName.Trim(), Form.Mail.Trim(), Form.FindProblem());
        if (_error is not null || _user is null)
        {
            return;
        }

        // An address that somebody entered is one that nobody verified.
        _user.EmailConfirmed = _user.EmailConfirmed && _user.Email == _mail;
        (_user.DisplayName, _user.Email) = (_name, _mail.Length > 0 ? _mail : null);
        var result = await Users.UpdateAsync(_user);
        var (language, zone) = (Language.Find(Form.Language)?.Code, TimeZoneChoice.Find(Form.Zone));
        result = result.Succeeded ? await PersonChoice.SetAsync(Users, _user, PortalClaims.Language, language) : result;
        result = result.Succeeded ? await PersonChoice.SetAsync(Users, _user, PortalClaims.TimeZone, zone) : result;
        _error = result.Succeeded ? null : string.Join(' ', result.Errors.Select(error => error.Description));
        if (_error is null)
        {
            var entry = new AuditEntry(
                HttpContext.User.ToActor(), "user.profile", "user", _user.Id.ToString(), _user.UserName!, null, AuditOutcome.Succeeded);
            await Audit.WriteAsync(entry, HttpContext.RequestAborted);
            await SignIn.RefreshSignInAsync(_user);
            _done = T("Saved.");
            Choose(Language.Find(Form.Language));
        }
    }

    private void Choose(Language? language)
    {
        if (language?.Code == _language)
        {
            // The document was begun with the zone before.
            if (TimeZoneChoice.Find(Form.Zone) != _zone)
            {
                Navigation.NavigateTo("account/profile?saved=true");
            }

            return;
        }

        // So that the pages before the next sign-in speak it as well.
        var cookie = new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = HttpContext.Request.IsHttps,
        };
        if (language is null)
        {
            HttpContext.Response.Cookies.Delete(LanguageChoice.CookieName);
        }
        else
        {
            HttpContext.Response.Cookies.Append(LanguageChoice.CookieName, language.Code, cookie);
        }

        // Asked for anew: this page was begun in the other language.
        Navigation.NavigateTo("account/profile?saved=true");
    }

    // Who sits down at somebody's open browser must not make a way in for themselves.
    private async Task LinkAsync()
    {
        _error = _user is null || !Guid.TryParse(Form.Provider, out _) ? T("There is no such provider any more.")
            : await Proof.FindProblemAsync(HttpContext, _user, Form.Password);
        if (_error is null)
        {
            var outcome = await Providers.BeginLinkAsync(HttpContext, Guid.Parse(Form.Provider));
            (_error, _goTo) = (outcome.Problem, outcome.Problem is null ? outcome.GoTo : null);
        }
    }

    private async Task UnlinkAsync(PersonLink link)
    {
        _error = await Links.RemoveAsync(_user!.Id, link.ProviderId, HttpContext.User.ToActor(), HttpContext.RequestAborted);
        if (_error is null)
        {
            _done = T("The link to {0} is removed.", link.Name);
            await SignIn.RefreshSignInAsync((await Users.FindByIdAsync(_user.Id.ToString()))!);
        }

        _links = await Links.ListAsync(_user.Id, HttpContext.RequestAborted);
    }
}
