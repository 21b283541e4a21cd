using System.Security.Claims;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.People.Directory;
using Portal.Web.Features.People.Invitations;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Identity.Invitations;

namespace Portal.Web.Features.People;

public sealed partial class PeoplePage
{
    private ClaimsPrincipal _user = new();
    private bool _mayEndSessions;
    private bool _mayInvite;
    private IReadOnlyList<Person>? _people;
    private IReadOnlyList<InvitationEntry> _invitations = [];
    private string _search = "";

    [Inject]
    internal PeopleDirectory Directory { get; init; } = null!;

    [Inject]
    internal InvitationBook Invitations { get; init; } = null!;

    [Inject]
    public required IAuthorizer Authorizer { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    private IReadOnlyList<Person>? Shown => _search.Trim().Length == 0 ? _people : _people?.Where(Fits).ToList();

    private bool Fits(Person person)
    {
        var grants = person.Grants.SelectMany(grant => new[] { grant.Role, grant.Place, grant.Team ?? "" });
        return grants.Prepend(person.DisplayName).Prepend(person.UserName)
            .Any(text => text.Contains(_search.Trim(), StringComparison.OrdinalIgnoreCase));
    }

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        _mayEndSessions = await Authorizer.IsAllowedAsync(
            _user, PermissionNames.SessionsManage, AccessScope.Everything, CancellationToken.None);
        _mayInvite = await Authorizer.IsAllowedAsync(_user, PermissionNames.UsersInvite, AccessScope.Everything, CancellationToken.None);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _people = await Directory.ListAsync(_user, CancellationToken.None);
        _invitations = _mayInvite ? await Invitations.ListAsync(_user, CancellationToken.None) : [];
    }

    private async Task InviteAsync()
    {
        await Dialogs.OpenAsync<InviteDialog>(T("Invite somebody"));
        await LoadAsync();
    }

    private async Task RevokeAsync(InvitationEntry invitation)
    {
        await Invitations.RevokeAsync(_user, invitation.Id, CancellationToken.None);
        Dialogs.Done(T("The link is of no use any more"));
        await LoadAsync();
    }

    private async Task AddAsync()
    {
        if (await Dialogs.OpenAsync<AddPersonDialog>(T("Add a person")) is AddedPerson added)
        {
            await LoadAsync();
            await ShowPasswordAsync(added.UserName, added.Password);
        }
    }

    private async Task EditRolesAsync(Person person)
    {
        await Dialogs.OpenAsync<GrantsEditor>(
            T("Roles of {0}", person.UserName),
            new() { [nameof(GrantsEditor.Subject)] = GrantSubject.Person(person.Id), [nameof(GrantsEditor.InDialog)] = true });
        await LoadAsync();
    }

    private Task<object?> ShowSessionsAsync(Person person) => Dialogs.OpenAsync<SessionsDialog>(
        T("Sessions of {0}", person.UserName), new() { [nameof(SessionsDialog.PersonId)] = person.Id });

    private async Task ResetPasswordAsync(Person person)
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            T("Reset the password of {0}?", person.UserName),
            T("Reset"),
            T("A new password is made up, which must be changed at the next sign-in."),
            [T("The present password"), T("All sessions of this person")]));
        if (!confirmed)
        {
            return;
        }

        var change = await Directory.ResetPasswordAsync(_user, person.Id, CancellationToken.None);
        await FinishAsync(change, T("Reset the password of {0}", person.UserName));
        if (change.Password is { } password)
        {
            await ShowPasswordAsync(person.UserName, password);
        }
    }

    private async Task ResetTwoFactorAsync(Person person)
    {
        if (await Dialogs.ConfirmAsync(new Confirmation(
            T("Reset the two-factor authentication of {0}?", person.UserName),
            T("Reset"),
            T("For somebody who has lost their phone and their recovery codes. Make sure that it is they who ask: from now on the password alone "
                + "opens the account."),
            [T("The key of the authenticator app and the recovery codes"), T("Their passkeys"), T("All sessions of this person")])))
        {
            var change = await Directory.ResetTwoFactorAsync(_user, person.Id, CancellationToken.None);
            await FinishAsync(change, T("Reset the two-factor authentication of {0}", person.UserName));
        }
    }

    private async Task ToggleAsync(Person person)
    {
        var disable = !person.Disabled;
        if (disable && !await Dialogs.ConfirmAsync(new Confirmation(
            T("Disable {0}?", person.UserName), T("Disable"), T("This person can't sign in any more until enabled again."), [T("All sessions of this person")])))
        {
            return;
        }

        var change = await Directory.SetDisabledAsync(_user, person.Id, disable, CancellationToken.None);
        await FinishAsync(change, disable ? T("Disabled {0}", person.UserName) : T("Enabled {0}", person.UserName));
    }

    private async Task FinishAsync(PersonChange change, string done)
    {
        if (change.Error is { } error)
        {
            Dialogs.Failed(T("Nothing was changed"), error);
        }
        else
        {
            Dialogs.Done(done);
        }

        await LoadAsync();
    }

    private Task<object?> ShowPasswordAsync(string userName, string password)
    {
        return Dialogs.OpenAsync<PasswordDialog>(
            T("The password of {0}", userName), new() { [nameof(PasswordDialog.UserName)] = userName, [nameof(PasswordDialog.Password)] = password });
    }

    private static (string Text, StatusTone Tone) StateOf(Person person) => person switch
    {
        { Disabled: true } => (T("disabled"), StatusTone.Neutral),
        { LockedOut: true } => (T("locked for now"), StatusTone.Warning),
        { MustChangePassword: true } => (T("new password due"), StatusTone.Busy),
        _ => (T("active"), StatusTone.Good),
    };
}
