using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Consoles.Rules;
using Portal.Web.Features.Containers;
using Portal.Web.Languages;

namespace Portal.Web.Features.Consoles;

/// <summary>What a console shall be, or which one is joined.</summary>
/// <param name="Container">The container; one without an id stands for its node itself.</param>
/// <param name="Command">The program with its arguments; empty for the first shell that the container has.</param>
/// <param name="User">Empty for the container's.</param>
public sealed record ConsoleRequest(ContainerKey Container, IReadOnlyList<string> Command, string User)
{
    /// <summary>The console that is joined; empty to open a new one.</summary>
    public string Join { get; init; } = "";

    /// <summary>The first byte of it that the terminal does not show yet.</summary>
    public long Position { get; init; }

    /// <summary>Look on without typing.</summary>
    public bool Watch { get; init; }

    /// <summary>The container's own program, in place of another beside it.</summary>
    public bool Attach { get; init; }

    /// <summary>What people call it; empty for its program's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Empty for the container's.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary><c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>In which language its end is told: that of the page that asks for it, by its code, since a ticket is text.</summary>
    public string LanguageCode { get; init; } = Language.Current.Code;

    /// <summary>To whom the ticket was issued.</summary>
    internal string UserId { get; init; } = "";

    internal Language Language => Language.Find(LanguageCode) ?? Language.English;

    internal bool IsOnNode => Container.Id.Length == 0;

    /// <summary>What it takes.</summary>
    internal string Permission => PermissionOf(Container);

    /// <summary>What consoles take in a container, or on a node.</summary>
    internal static string PermissionOf(ContainerKey place) =>
        place.Id.Length == 0 ? PermissionNames.NodesShell : PermissionNames.ContainersExec;

    /// <summary>The first message to the node.</summary>
    internal OpenConsoleRequest ToMessage(string person, ConsolePolicy policy)
    {
        if (Join.Length > 0)
        {
            return new OpenConsoleRequest
            {
                Join = new ConsoleJoin { Console = Join, Position = Position, Watch = Watch, Person = person },
            };
        }

        var open = new ConsoleOpen
        {
            Container = Container.Id,
            Kind = IsOnNode ? ConsoleKind.Node : Attach ? ConsoleKind.Attach : ConsoleKind.Exec,
            User = User,
            WorkingDirectory = WorkingDirectory,
            Name = Name,
            Person = person,
            Keep = true,
            Size = new ConsoleSize { Columns = 80, Rows = 24 },
            IdleSeconds = policy.IdleMinutes * 60L,
            Record = policy.Records(IsOnNode),
        };
        open.Command.AddRange(Command);
        open.Environment.AddRange(Environment);
        return new OpenConsoleRequest { Open = open };
    }
}
