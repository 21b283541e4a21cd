using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Portal.Contracts.Files.V1;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Containers.Files;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers.Commit;

/// <summary>
/// Makes an image of a container, and leads to it. A commit goes on when the dialog is closed; then a notice tells of its end.
/// </summary>
public sealed partial class CommitDialog : IDisposable
{
    private const string ChangesExample = "ENV MODE=production\nCMD [\"serve\"]";

    private string _name = "";
    private string _author = "";
    private string _message = "";
    private string _changes = "";
    private bool _pause = true;
    private string? _nameError;
    private string? _changesError;
    private string? _error;
    private string? _imageId;
    private long _seconds;
    private bool _busy;
    private bool _closed;

    [Parameter]
    [EditorRequired]
    public required ContainerKey Container { get; set; }

    /// <summary>It has processes, which can be paused.</summary>
    [Parameter]
    public bool Running { get; set; }

    [Inject]
    public required ContainerFiles Files { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    public void Dispose() => _closed = true;

    private async Task CommitAsync()
    {
        var name = _name.Trim();
        _nameError = name.Any(char.IsWhiteSpace) ? T("A name has no spaces.") : name.EndsWith(':') ? T("Write the tag after the colon.") : null;
        _changesError = _error = null;
        if (_nameError is not null)
        {
            return;
        }

        var request = new CommitContainerRequest { Name = name, Author = _author.Trim(), Message = _message.Trim(), NoPause = !_pause };
        request.Changes.AddRange(_changes.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        _busy = true;
        var counting = CountAsync();
        try
        {
            _imageId = await Files.CommitAsync((await Authentication).User, Container, request);
            _name = name;
            if (_closed)
            {
                Dialogs.Done(name.Length > 0 ? T("The image of {0} is there: {1}.", Container.Name, name) : T("The image of {0} is there.", Container.Name));
            }
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Fail(failure.Message);
        }
        finally
        {
            _busy = false;
        }

        await counting;
    }

    private void Fail(string message)
    {
        _error = message;
        if (_closed)
        {
            Dialogs.Failed(T("No image of {0} was made.", Container.Name), message);
        }
    }

    // Nobody knows beforehand how long it takes: that it goes on is what there is to tell.
    private async Task CountAsync()
    {
        var start = Time.GetTimestamp();
        while (_busy && !_closed)
        {
            _seconds = (long)Time.GetElapsedTime(start).TotalSeconds;
            StateHasChanged();
            await Task.Delay(TimeSpan.FromMilliseconds(250), Time);
        }
    }
}
