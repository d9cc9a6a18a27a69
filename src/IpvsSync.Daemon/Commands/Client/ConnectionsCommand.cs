using System.CommandLine;
using System.CommandLine.Parsing;
using IpvsSync.Daemon.Control;
using IpvsSync.Daemon.Destinations;
using IpvsSync.Daemon.Hosting;
using IpvsSync.Daemon.Options;

namespace IpvsSync.Daemon.Commands.Client;

/// <summary><c>connections</c>: prints the running daemon's table as <c>ipvsadm -Lnc</c> prints the kernel's.</summary>
internal static class ConnectionsCommand
{
    private static readonly Option<string?> s_service = Checked(
        "--service", "ADDR:PORT", "List only connections to this virtual service: 10.1.0.100:80, [2001:db8::1]:80.", text => EndpointText.TryParse(text, out _, out _, out _));

    private static readonly Option<string?> s_client = Checked(
        "--client", "ADDR", "List only connections of this client.", text => EndpointText.TryParseAddress(text, out _, out _));

    private static readonly Option<string?> s_state = new("--state") { Description = "List only connections in this state, such as ESTABLISHED.", HelpName = "NAME" };

    private static readonly Option<string?> s_origin = new("--origin")
    {
        Description = "List only connections that this director carries, or only those that a peer sent.",
    };

    /// <summary>Builds the verb with its options.</summary>
    public static Command Build(Func<ParseResult, ConfigurationSource> configuration)
    {
        s_origin.AcceptOnlyFromAmong(OriginText.Local, OriginText.Peer);
        Command verb = Filtered(
            "connections", "List the table of the running daemon, in the format in which ipvsadm -Lnc lists the kernel's.", configuration, result => result.GetValue(s_origin));
        verb.Add(s_origin);
        return verb;
    }

    /// <summary>Builds the verb for one origin, with conntrackd's name for it.</summary>
    public static Command BuildShort(string name, string origin, Func<ParseResult, ConfigurationSource> configuration)
        => Filtered(name, $"The same as connections --origin {origin}.", configuration, _ => origin);

    private static Command Filtered(
        string name, string description, Func<ParseResult, ConfigurationSource> configuration, Func<ParseResult, string?> origin)
    {
        Command verb = ClientCommand.Verb(name, description, configuration, (result, socket, output) => Print(result, origin(result), socket, output));
        verb.Add(s_service);
        verb.Add(s_client);
        verb.Add(s_state);
        return verb;
    }

    private static Option<string?> Checked(string name, string unit, string description, Func<string, bool> isValid)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = unit };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [.., Token last] && !isValid(last.Value))
                result.AddError($"{name}: '{last.Value}' is not {unit}");
        });
        return option;
    }

    private static ControlRequest Request(ParseResult result, string? origin) => new()
    {
        Verb = ControlRequest.Connections,
        Service = result.GetValue(s_service),
        Client = result.GetValue(s_client),
        State = result.GetValue(s_state),
        Origin = origin,
    };

    /// <summary>Prints the lines as they arrive. If columns were asked for and JSON comes, the daemon is an older one.</summary>
    private static int Print(ParseResult result, string? origin, string socket, TextWriter output)
    {
        bool isJson = ClientCommand.IsJson(result);
        bool isText = false;
        bool isBegun = isJson;
        using var client = ControlClient.Connect(socket);
        client.Copy(Request(result, origin) with { Text = !isJson }, lines =>
        {
            Begin();
            if (!isJson && lines.StartsWith(ConnectionLines.TextMark))
            {
                isText = true;
                lines = lines[ConnectionLines.TextMark.Length..];
            }

            if (isJson || isText)
                ConnectionText.Copy(lines, output);
            else
                ConnectionText.WriteAll(lines, output);
        });
        Begin();
        return ExitCodes.Done;

        void Begin()
        {
            if (!isBegun)
                ConnectionText.WriteHeader(output);
            isBegun = true;
        }
    }
}
