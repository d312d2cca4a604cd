/**
 * The shapes that pass between the server, the store, the figures and the views.
 * Wire types keep the wire's names.
 *
 * @typedef {"input_gate" | "forget_gate" | "candidate" | "output_gate" | "update_gate"
 *   | "reset_gate"} Gate of an LSTM the first four, of a GRU the last two and the candidate
 * @typedef {Gate | "cell_state" | "hidden_state"} Quantity one of the things a cell computes
 *
 * @typedef {object} Token
 * @property {string} text the word as it was written; for time series the timestep's number
 * @property {number | null} id the row of the embedding it reads
 * @property {boolean} known whether the model has a row of its own for it
 * @property {boolean} [padded] true where it only fills a sequence of fixed length
 *
 * @typedef {object} State
 * @property {number[]} hidden_state (units)
 * @property {number[]} cell_state (units)
 *
 * @typedef {object} Step one timestep
 * @property {number} timestep from 1, as in the equations; 0 is the initial state
 * @property {string} token
 * @property {number[]} input (features)
 * @property {number[]} input_gate (units)
 * @property {number[]} forget_gate (units)
 * @property {number[]} candidate (units)
 * @property {number[]} output_gate (units)
 * @property {number[]} update_gate (units)
 * @property {number[]} reset_gate (units)
 * @property {number[]} cell_state (units)
 * @property {number[]} hidden_state (units)
 * @property {boolean} [masked] true where the timestep is padding
 * @property {Record<Gate | "hidden_state", number[]>} [preactivations] where asked for
 *
 * @typedef {object} Provenance
 * @property {"seeded" | "trained" | "imported"} kind
 * @property {string[]} [left_out] the layers that are not in it, where only a part is opened
 *
 * @typedef {object} Prediction
 * @property {number[] | number[][]} output as Keras returns it
 * @property {string[]} labels
 * @property {number[]} probabilities one for each label
 * @property {number[][] | null} by_timestep (timesteps, labels): had the sentence ended there
 *
 * @typedef {Omit<Prediction, "probabilities">} Answer
 *
 * @typedef {object} Reads what a model takes in
 * @property {"words" | "characters" | "token_ids" | "numbers"} kind
 * @property {number | null} timesteps a sequence's length; null where any will do
 * @property {number} [rows] of its embedding
 * @property {number} [features] numbers for each timestep
 * @property {number[] | number[][] | string} [example] of token ids, numbers or characters
 *
 * @typedef {object} Next what a model's outputs say of the next timestep
 * @property {"tokens" | "one_hot" | "numbers"} kind
 * @property {string} recognised how that was told
 * @property {string[] | null} [texts] the token that each output speaks of; null where too many
 *
 * @typedef {{sentence: string} | {token_ids: number[]} | {inputs: number[][]}} Input
 *
 * @typedef {object} Choice what a file does not say
 * @property {string} option
 * @property {string} text what was taken for granted; of a question, the question
 * @property {unknown} chosen null for none, and for a question
 * @property {unknown[]} values
 * @property {string[]} [of] what the parts of a value that is a list are for
 *
 * @typedef {object} Compared what came of a comparison with a framework's numbers
 * @property {boolean} matches
 * @property {number} numbers
 * @property {number} largest difference
 * @property {string} of what the numbers are
 *
 * @typedef {object} Detected how a model's file was read: also what was found, by name
 * @property {string} format
 * @property {string[]} [assumed]
 * @property {Choice[]} [choices]
 * @property {string} [snippet]
 *
 * @typedef {object} Layer a recurrent layer; what is as usual is left out
 * @property {string} name
 * @property {string} cell
 * @property {number} units
 * @property {number} features
 * @property {number} [hidden] numbers of a hidden state that a projection makes shorter (proj_size)
 * @property {boolean} return_sequences
 * @property {string[]} [gates] what its cell is made of: gates in the order of the weights' blocks
 * @property {string[]} [states]
 * @property {Record<string, string>} [derived] gates without weights -> the factor that each is
 * @property {{gate: string, after: boolean}} [reset] what the hidden state meets on its way into the
 *   candidate
 * @property {{state: string, keeps: string, writes: string[], shown_by?: string}} [memory] which
 *   state is kept in part and added to
 * @property {boolean} [go_backwards] true where it reads the last timestep first
 * @property {boolean} [restores_order] true where its states leave it in the tokens' order even so
 * @property {string} [activation] what makes the candidate where it is not tanh
 * @property {string} [recurrent_activation] what makes the gates where it is no sigmoid
 * @property {boolean} [peephole] true where the gates look at the cell state
 *
 * @typedef {object} Trace the answer of /api/step
 * @property {{id: string, title: string, provenance: Provenance}} model
 * @property {Layer} layer
 * @property {Token[]} tokens
 * @property {State} initial_state
 * @property {Step[]} steps
 * @property {number[][] | number[]} output as Keras returns it
 * @property {State | null} state
 * @property {Prediction | null} prediction null without a head, or where it gives no probabilities
 * @property {Input} [asked] what was read, as it was asked for
 * @property {Answer} [answer] what the head gives where that is no probabilities
 * @property {Override[]} [pins] those sent, where any were
 * @property {Memory} [memory] where asked for, as are the next two
 * @property {Gradients} [gradients]
 * @property {Attributions} [attributions]
 * @property {{label: string, input: number[]}} [updates] norms of the loss's derivative
 *
 * @typedef {object} Override a gate held at a value
 * @property {number} timestep from 1
 * @property {Gate} gate
 * @property {number | null} unit null: all units
 * @property {number} value
 *
 * @typedef {object} Memory what each source has left in the state: 0 the initial one, 1.. the words
 * @property {number[][]} magnitude (timesteps, sources) sizes, summed over the units
 * @property {number | null} unit
 * @property {number[][] | null} contributions (timesteps, sources) of that unit, with signs
 *
 * @typedef {object} Gradients norms of derivatives, one for each timestep
 * @property {string} label
 * @property {number} logit
 * @property {number[]} hidden_state
 * @property {number[]} [cell_state]
 * @property {number[]} [direct] along the remembered state alone
 * @property {number[]} input
 * @property {number[]} input_dot the derivative times the input: no norm, it has a sign
 *
 * @typedef {object} Attributions exact shares: scores and initial_state add up to logit - bias
 * @property {string} label
 * @property {number} logit
 * @property {number} bias
 * @property {number} initial_state
 * @property {number[]} scores
 *
 * @typedef {object} GateWeights
 * @property {number[][]} kernel (features, units)
 * @property {number[][]} recurrent_kernel (units, units)
 * @property {number[]} bias (units)
 * @property {number[]} [recurrent_bias] (units) of a GRU that keeps it apart
 * @property {number[]} [peephole] (units) of a gate that looks at the cell state
 *
 * @typedef {Record<Gate | "hidden_state", GateWeights>} Weights the answer of
 *   /api/models/{id}/weights; a cell without gates has one block, named by its state
 *
 * @typedef {object} UnitGateWeights the same for one unit
 * @property {number[]} kernel (features)
 * @property {number[]} recurrent_kernel (units)
 * @property {number} bias
 * @property {number} [recurrent_bias]
 * @property {number} [peephole]
 *
 * @typedef {object} Summary the answer of /api/models/{id}
 * @property {string} id that the model is read by
 * @property {{name: string, type: string, output_shape: (number | null)[], parameters: number}[]
 *   } layers
 * @property {number} total_parameters
 * @property {string} code the lines of Keras that build it
 * @property {Reads} reads
 * @property {Layer[]} recurrent
 * @property {Record<string, unknown>} [card] what people should know of a trained model
 * @property {Next | null} [next] what its outputs say of the next timestep
 *
 * @typedef {object} Model one row of /api/models
 * @property {string} id
 * @property {string} [reading_id] of one's own, as the server answers it: its id is the owner's then
 * @property {string} [owner] of one's own, as it is remembered: what renames and deletes it
 * @property {string} title
 * @property {string} description
 * @property {Provenance} provenance
 * @property {Reads} [reads] not there in what a browser remembers from before
 * @property {Layer[]} layers
 * @property {number} total_parameters
 *
 * @typedef {object} Mark a number in a figure that can be opened
 * @property {Quantity | "input"} quantity
 * @property {number} timestep from 1; 0 for the initial state
 * @property {number} unit from 0; for an input, the feature
 * @property {string} [how] what is done with it before it is shown: an activation, or "rest" for 1
 *   minus it
 * @property {Part} [part] of the sum that a gate is made of, this part alone
 * @property {Trace} [run] where it is not the page's own
 * @property {string} [layer] another layer, which a click shows instead
 * @property {boolean} [lights] a gate's name: on the stage a click keeps its path lit
 *
 * @typedef {object} Part what a gate's sum takes from one side
 * @property {"input" | "hidden" | "bias" | "state"} of
 * @property {string} written as its equation writes it
 *
 * @typedef {object} AnswerMark a probability that can be opened
 * @property {"answer"} quantity
 * @property {number} timestep from 1
 * @property {number} unit from 0: the label
 * @property {Trace} [run] where it is not the page's own
 *
 * @typedef {object} SumMark a number that the page itself makes of others: a share, a difference
 * @property {"sum"} quantity
 * @property {number} timestep where the cursor goes with it
 * @property {number} unit likewise
 * @property {(head: Head | null) => import("../arithmetic/arithmetic.js").Arithmetic | string} work how
 *   it is made, or why that is not shown; empty while what it needs is on its way
 * @property {boolean} [needsHead]
 * @property {Trace} [run] whose head it needs, where that is not the page's own run
 *
 * @typedef {Mark | AnswerMark | SumMark} Openable
 *
 * @typedef {object} Head the answer of /api/models/{id}/head
 * @property {string} layer
 * @property {string} recurrent the layer whose hidden states it reads
 * @property {{layer: string, units: number}[]} directions of that layer, in the kernel's order
 * @property {Trace[]} [runs] of those directions, where more than one are there
 * @property {"each" | "last" | "final" | "flatten" | "average" | "max"} reads
 * @property {boolean} skips_masked whether masked timesteps count as zeros
 * @property {number[][]} kernel (inputs, outputs)
 * @property {number[]} bias (outputs)
 * @property {string} activation
 * @property {string[]} labels
 *
 * @typedef {string | (string | {text: string, mark: Openable})[]} Phrase a sentence; in it, numbers
 *   that open
 *
 * @typedef {object} Table a figure's numbers, for those who cannot see it
 * @property {string[]} columns
 * @property {(string | {text: string, mark: Openable})[][]} rows
 *
 * @typedef {object} Figure what a builder returns and Plotly draws. The layout's `meta` holds a
 *   sentence that says what the figure shows now, and its numbers. Clickable points carry a Mark
 *   as `customdata`.
 * @property {Partial<import("plotly.js").PlotData>[]} data
 * @property {Partial<import("plotly.js").Layout> & {meta: {label: string, table: Table,
 *   opens?: Openable[], flows?: import("../draw/primitives.js").Flow[]}}} layout opens: what its
 *   annotations open, where a click on one does; flows: wires on which values travel
 *
 * @typedef {object} FigureOptions
 * @property {number} timestep the cursor, from 1
 * @property {number} unit the cursor, from 0
 * @property {import("./theme.js").Theme} theme
 * @property {number} width pixels the figure may take
 */
/**
 * The page's state. What `store.js` names in PROPS is also in the URL.
 *
 * @typedef {object} AppState
 * @property {string} sentence as typed
 * @property {string | null} token_ids as typed, for a model without a vocabulary; null: its example
 * @property {string | null} inputs as typed, for a model of numbers; null: its example
 * @property {Reads} reads what the model takes in
 * @property {number} whole_layer weights of a layer that are asked for at once
 * @property {string} model
 * @property {string | null} layer null: the model's first recurrent layer
 * @property {number | null} timestep null: the last word, and it stays there as words are added
 * @property {boolean} arrived whether the page chose that word: a sentence came whole, and nobody
 *   has moved or typed since
 * @property {number} unit
 * @property {string | null} label
 * @property {boolean | null} return_sequences null: the layer's own setting
 * @property {boolean} return_state
 * @property {string | null} pins
 * @property {string | null} dropped pins let go because other words came
 * @property {string[]} compare
 * @property {string[]} swaps words tried in the place of one
 * @property {string} lens as the address names it; `shownLens` says which is shown, "all" is the page
 *   in which all of them stand one after another
 * @property {"sentence" | "cell" | "unit"} depth of the lens Cell: cells side by side, one cell, or one
 *   unit worked through
 * @property {number | null} phase of the word's computation that the cell shows, from 0; null: all of it
 * @property {number | null} guide the guide's step, from 1; null: not in the guide
 * @property {"system" | "light" | "dark"} theme
 * @property {string[]} hide
 * @property {import("./lenses.js").Lens[]} lenses those that there are
 * @property {boolean} standalone whether this is a saved page, which no server answers
 * @property {Openable | null} open the number whose arithmetic is open
 * @property {Openable[]} trail what was opened on the way to it
 * @property {Head | {detail: string} | null} head the weights that make the answers, once one is
 *   opened, or why there are none
 * @property {{key: string, weights: Record<Gate | "hidden_state", UnitGateWeights>} | null
 *   } run_weights of the unit whose arithmetic is open, in a run that is not the page's own
 * @property {Trace | {detail: string} | null} layer_below the run of another layer that what is open is
 *   made of besides: the one that hands on an input, the other direction of one that is answered
 *   from; or why there is none
 * @property {Quantity | null} lit the path a link in the text points at
 * @property {Quantity | null} kept the path that stays lit, since its gate's name was pressed
 * @property {Preview | null} preview what is pointed at
 * @property {{from: number, to: number} | null} range a stretch of words that is selected, timesteps
 *   from 1, both in it
 * @property {Trace | null} trace the last good answer
 * @property {Summary | null} summary
 * @property {Weights | null} weights of the whole layer, where that is small enough to be sent
 * @property {{unit: number, weights: Record<Gate | "hidden_state", UnitGateWeights>} |
 *   null} unit_weights of the
 *   unit whose arithmetic is open, in a larger layer
 * @property {Model[]} models
 * @property {Model[]} visitor_models the visitor's own models, which the server lists to nobody
 * @property {Training | null} training the visitor's last training
 * @property {"ready" | "loading" | "offline" | "refused"} status
 * @property {{detail: string, status?: number} | null} error
 * @property {boolean} dark whether the system asks for a dark page
 *
 * @typedef {object} EpochRow where a training stood after an epoch; 0 is before it began
 * @property {number} epoch
 * @property {number} epochs how many there will be at most
 * @property {number} loss
 * @property {number | null} accuracy null where numbers are foretold
 * @property {number | null} val_loss of what was held out; null where nothing was
 * @property {number | null} val_accuracy
 * @property {number} seconds_left
 * @property {string | null} [sample] what a model that writes writes by then
 * @property {{seen: number[][], came: number[][], said: number[][]} | null} [forecast] of a series:
 *   rows before its end, its end, and how the model foretells that from its own forecasts
 *
 * @typedef {object} Training the answer of /api/train/{job}
 * @property {string} job
 * @property {string} reading_id `<reading_id>@<epoch>` is a model for each epoch that is over
 * @property {string} title
 * @property {"waiting" | "running" | "done" | "failed" | "cancelled" | "lost"} state lost: the
 *   server does not know it any more
 * @property {number | null} place in the queue, from 1
 * @property {{grammar: string | null, sentences: number, epochs: number}} settings
 * @property {EpochRow[]} epochs
 * @property {Model | null} model
 * @property {number | null} model_epoch
 * @property {string | null} detail
 * @property {boolean} [cut] whether the connection is broken and being made again
 *
 * @typedef {object} Preview what all figures but one show while it is pointed at
 * @property {number | null} timestep null: the cursor's
 * @property {number | null} unit null: the cursor's
 * @property {Element} origin where the pointer or the focus is
 *
 * @typedef {object} Store
 * @property {() => AppState} get
 * @property {(change: Partial<AppState>) => void} set
 * @property {(listener: (state: AppState, before: AppState) => void,
 *   keys?: (keyof AppState)[]) => () => void} subscribe
 *
 * @typedef {object} Boot what the server writes into the page
 * @property {Trace | null} trace
 * @property {Model[]} models
 * @property {Summary | null} summary
 * @property {{detail: string} | null} error
 * @property {{characters: number, tokens: number, whole_layer: number}} limits
 * @property {boolean} [standalone] true in a saved page, which brings with it the next two
 * @property {string} [query] what its address would say
 * @property {Recorded} [recorded]
 *
 * @typedef {number | {[name: string]: Shared}} Shared a part; below zero, a list of parts; or named
 *   ones
 *
 * @typedef {object} Recorded the answers that a saved page holds
 * @property {[path: string, body: Shared | null, said: Shared | string][]} questions each with its
 *   answer, or the text of its refusal
 * @property {unknown[]} parts each is written once, however many answers hold it
 * @property {number[][]} lists of parts
 *
 * @typedef {object} Piece one piece of an equation
 * @property {"symbol" | "number" | "operator" | "function"} kind
 * @property {string} text
 * @property {string} [sub] the subscript: a timestep, and perhaps a unit
 * @property {Quantity | "input"} [quantity] whose colour it wears
 * @property {Mark} [mark] the number it can be opened as
 */
export {};
