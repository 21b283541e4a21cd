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
    private IReadOnlyList<Person>? _people;
    private IReadOnlyList<InvitationEntry> _invitations = [];

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

    protected override async Task OnInitializedAsync()
    {
        _user = (await Authentication).User;
        _mayEndSessions = await Authorizer.IsAllowedAsync(
            _user, PermissionNames.SessionsManage, AccessScope.Everything, CancellationToken.None);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        _people = await Directory.ListAsync(_user, CancellationToken.None);
        _invitations = await Invitations.ListAsync(_user, CancellationToken.None);
    }

    private async Task InviteAsync()
    {
        await Dialogs.OpenAsync<InviteDialog>("Invite somebody");
        await LoadAsync();
    }

    private async Task RevokeAsync(InvitationEntry invitation)
    {
        await Invitations.RevokeAsync(_user, invitation.Id, CancellationToken.None);
        Dialogs.Done("The link is of no use any more");
        await LoadAsync();
    }

    private async Task AddAsync()
    {
        if (await Dialogs.OpenAsync<AddPersonDialog>("Add a person") is AddedPerson added)
        {
            await LoadAsync();
            await ShowPasswordAsync(added.UserName, added.Password);
        }
    }

    private async Task EditRolesAsync(Person person)
    {
        await Dialogs.OpenAsync<GrantsEditor>(
            $"Roles of {person.UserName}",
            new() { [nameof(GrantsEditor.Subject)] = GrantSubject.Person(person.Id), [nameof(GrantsEditor.InDialog)] = true });
        await LoadAsync();
    }

    private Task<object?> ShowSessionsAsync(Person person) => Dialogs.OpenAsync<SessionsDialog>(
        $"Sessions of {person.UserName}", new() { [nameof(SessionsDialog.PersonId)] = person.Id });

    private async Task ResetPasswordAsync(Person person)
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            $"Reset the password of {person.UserName}?",
            "Reset",
            "A new password is made up, which must be changed at the next sign-in.",
            ["The present password", "All sessions of this person"]));
        if (!confirmed)
        {
            return;
        }

        var change = await Directory.ResetPasswordAsync(_user, person.Id, CancellationToken.None);
        await FinishAsync(change, $"Reset the password of {person.UserName}");
        if (change.Password is { } password)
        {
            await ShowPasswordAsync(person.UserName, password);
        }
    }

    private async Task ResetTwoFactorAsync(Person person)
    {
        if (await Dialogs.ConfirmAsync(new Confirmation(
            $"Reset the two-factor authentication of {person.UserName}?",
            "Reset",
            "For somebody who has lost their phone and their recovery codes. Make sure that it is they who ask: from now on the password alone "
                + "opens the account.",
            ["The key of the authenticator app and the recovery codes", "All sessions of this person"])))
        {
            var change = await Directory.ResetTwoFactorAsync(_user, person.Id, CancellationToken.None);
            await FinishAsync(change, $"Reset the two-factor authentication of {person.UserName}");
        }
    }

    private async Task ToggleAsync(Person person)
    {
        var disable = !person.Disabled;
        if (disable && !await Dialogs.ConfirmAsync(new Confirmation(
            $"Disable {person.UserName}?", "Disable", "This person can't sign in any more until enabled again.", ["All sessions of this person"])))
        {
            return;
        }

        var change = await Directory.SetDisabledAsync(_user, person.Id, disable, CancellationToken.None);
        await FinishAsync(change, disable ? $"Disabled {person.UserName}" : $"Enabled {person.UserName}");
    }

    private async Task FinishAsync(PersonChange change, string done)
    {
        if (change.Error is { } error)
        {
            Dialogs.Failed("Nothing was changed", error);
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
            $"The password of {userName}", new() { [nameof(PasswordDialog.UserName)] = userName, [nameof(PasswordDialog.Password)] = password });
    }

    private static (string Text, StatusTone Tone) StateOf(Person person) => person switch
    {
        { Disabled: true } => ("disabled", StatusTone.Neutral),
        { LockedOut: true } => ("locked for now", StatusTone.Warning),
        { MustChangePassword: true } => ("new password due", StatusTone.Busy),
        _ => ("active", StatusTone.Good),
    };
}
